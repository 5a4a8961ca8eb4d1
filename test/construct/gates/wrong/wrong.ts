import type { Stack } from 'aws-cdk-lib';
import type { AuthService, AuthServiceProps } from '../../../../src';

/** Props that are wrong: what is wrong with them, how they are made, and the whole message that a user reads. */
export type WrongProps = readonly [name: string, props: (stack: Stack) => AuthServiceProps, message: string];

/** The same for a call of something that is not a prop; the service has its defaults. */
export type WrongUse = readonly [name: string, use: (auth: AuthService, stack: Stack) => unknown, message: string];

import { CfnParameter, Duration } from 'aws-cdk-lib';
import type { AuthServiceProps } from '../../../../src';
import { Firewall } from '../../../../src';
import type { WrongProps } from './wrong';

/** What the types forbid and plain JavaScript passes all the same. */
const untyped = (props: object) => () => props as AuthServiceProps;

/** Values that are missing or of another kind than was asked for. */
export const WRONG_SHAPES: readonly WrongProps[] = [
  ['a webApp of nothing', untyped({ webApp: {} }), 'webApp.origins must be a list of origins, got nothing: leave webApp out if no browser calls the service'],
  ['one origin for a list', untyped({ webApp: { origins: 'https://app.example.com' } }), 'webApp.origins must be a list, got "https://app.example.com"'],
  ['null for a list', untyped({ tokens: { defaultScopes: null } }), 'tokens.defaultScopes must be a list, got null'],
  ['one scope for a list', untyped({ tokens: { defaultScopes: 'orders:read' } }), 'tokens.defaultScopes must be a list, got "orders:read"'],
  ['a number for a duration', untyped({ tokens: { accessTokenLifetime: 900 } }), 'tokens.accessTokenLifetime must be a Duration, got 900: such as Duration.minutes(15)'],
  ['null for a duration', untyped({ tokens: { sessionLifetime: null } }), 'tokens.sessionLifetime must be a Duration, got null: such as Duration.minutes(15)'],
  ['a number for a name', untyped({ serviceName: 5 }), 'serviceName must be 1 to 48 letters, digits and inner hyphens, got 5'],
  ['null for a number', untyped({ abuse: { attemptsPerHour: null } }), 'abuse.attemptsPerHour must be a whole number between 3 and 100, got null'],
  ['a text for a network', () => ({ firewall: Firewall.managed({ blockedNetworks: '192.0.2.0/24' as never }) }), 'firewall: blockedNetworks must be a list, got "192.0.2.0/24"'],
  ['days that CloudFormation knows', (stack) => ({ tokens: { sessionLifetime: Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber) } }),
    'tokens.sessionLifetime must be in seconds, got a number known only at deployment in another unit: write Duration.seconds()'],
];

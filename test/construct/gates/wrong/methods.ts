import { type Stack, Duration } from 'aws-cdk-lib';
import type { AuthFunctionName } from '../../../../src';
import { AuthService } from '../../../../src';
import type { WrongUse } from './wrong';

const imported = (stack: Stack) => AuthService.fromAuthServiceAttributes(stack, 'Imported', {
  serviceName: 'auth', apiUrl: 'https://auth.example.com/v1', authorizerFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:authorizer',
  adminFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:admin',
});

/** Wrong calls of a service that is there. */
export const WRONG_CALLS: readonly WrongUse[] = [
  ['required scopes of nothing', (auth, stack) => auth.restAuthorizer(stack, 'A', { requiredScopes: [] }),
    'authorizer: requiredScopes is an empty list, allowed is at least one scope: leave it out to accept any valid token'],
  ['declared scopes of nothing', (auth) => auth.declareRequiredScopes([]),
    'authorizer: requiredScopes is an empty list, allowed is at least one scope: leave it out to accept any valid token'],
  ['a cache of two hours', (auth, stack) => auth.httpAuthorizer(stack, 'A', { resultsCacheTtl: Duration.hours(2) }),
    'authorizer: resultsCacheTtl is 2 hours, allowed is 0 seconds to 1 hour in whole seconds'],
  ['scopes that fit no alias', (auth) => auth.declareRequiredScopes(['x'.repeat(60), 'y'.repeat(60)]),
    'authorizer: requiredScopes is a set of 121 characters, allowed is 90 characters together, spaces between them included: '
    + 'the set has to fit the name of an alias; ask for one broader scope'],
  ['an account that is none', (auth) => auth.allowAuthorizersFrom('1234'), 'accountId is "1234", allowed is an account id of 12 digits'],
  ['a prefix without a slash', (auth) => auth.publishTo('auth'),
    'prefix is "auth", allowed is a path such as /auth or /platform/auth: it starts with a slash, ends without one, and does not begin with /aws or /ssm'],
  ['a function that is none', (auth) => auth.function('mailer' as AuthFunctionName), 'there is no function "mailer", allowed are the members of AuthFunctionName'],
  ['scopes with a space', (auth, stack) => auth.restAuthorizer(stack, 'A', { requiredScopes: ['a b'] }),
    'authorizer: requiredScopes is "a b", allowed is scopes of 1 to 64 printable ASCII characters without space, quote and backslash (RFC 6749 section 3.3)'],
  ['required scopes of nothing, imported', (_auth, stack) => imported(stack).restAuthorizer(stack, 'A', { requiredScopes: [] }),
    'authorizer: requiredScopes is an empty list, allowed is at least one scope: leave it out to accept any valid token'],
  ['a cache of two hours, imported', (_auth, stack) => imported(stack).httpAuthorizer(stack, 'A', { resultsCacheTtl: Duration.hours(2) }),
    'authorizer: resultsCacheTtl is 2 hours, allowed is 0 seconds to 1 hour in whole seconds'],
  ['a prefix of AWS', (_auth, stack) => AuthService.fromParameters(stack, 'Imported', '/aws/auth'),
    'prefix is "/aws/auth", allowed is a path such as /auth or /platform/auth: it starts with a slash, ends without one, and does not begin with /aws or /ssm'],
];

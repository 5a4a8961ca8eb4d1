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
    'authorizer: requiredScopes must be a list of at least one scope, got an empty list: leave it out to accept any valid token'],
  ['declared scopes of nothing', (auth) => auth.declareRequiredScopes([]),
    'authorizer: requiredScopes must be a list of at least one scope, got an empty list: leave it out to accept any valid token'],
  ['a cache of two hours', (auth, stack) => auth.httpAuthorizer(stack, 'A', { resultsCacheTtl: Duration.hours(2) }),
    'authorizer: resultsCacheTtl must be between 0 seconds and 1 hour in whole seconds, got 2 hours'],
  ['scopes that fit no alias', (auth) => auth.declareRequiredScopes(['x'.repeat(60), 'y'.repeat(60)]),
    'authorizer: requiredScopes must be a set of at most 90 characters, spaces between them included, got a set of 121 characters: '
    + 'the set has to fit the name of an alias; ask for one broader scope'],
  ['an account that is none', (auth) => auth.allowAuthorizersFrom('1234'), 'accountId must be an account id of 12 digits, got "1234"'],
  ['a prefix without a slash', (auth) => auth.publishTo('auth'),
    'prefix must be a path such as /auth or /platform/auth, got "auth": it starts with a slash, ends without one, and does not begin with /aws or /ssm'],
  ['a function that is none', (auth) => auth.function('mailer' as AuthFunctionName), 'the function must be a member of AuthFunctionName, got "mailer"'],
  ['scopes with a space', (auth, stack) => auth.restAuthorizer(stack, 'A', { requiredScopes: ['a b'] }),
    'authorizer: requiredScopes must be scopes of 1 to 64 printable ASCII characters without space, quote and backslash (RFC 6749 section 3.3), got "a b"'],
  ['required scopes of nothing, imported', (_auth, stack) => imported(stack).restAuthorizer(stack, 'A', { requiredScopes: [] }),
    'authorizer: requiredScopes must be a list of at least one scope, got an empty list: leave it out to accept any valid token'],
  ['a cache of two hours, imported', (_auth, stack) => imported(stack).httpAuthorizer(stack, 'A', { resultsCacheTtl: Duration.hours(2) }),
    'authorizer: resultsCacheTtl must be between 0 seconds and 1 hour in whole seconds, got 2 hours'],
  ['a prefix of AWS', (_auth, stack) => AuthService.fromParameters(stack, 'Imported', '/aws/auth'),
    'prefix must be a path such as /auth or /platform/auth, got "/aws/auth": it starts with a slash, ends without one, and does not begin with /aws or /ssm'],
];

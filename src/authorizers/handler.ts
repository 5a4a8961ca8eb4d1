import { Annotations, Duration } from 'aws-cdk-lib';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AuthorizerOptions } from '../policy/authorizers';

/** No memory of answers: a session that has ended, and a token that has expired, is refused at once. */
export const DEFAULT_CACHE = Duration.seconds(0);

/**
 * The alias as somebody else's function. The permission stands in the service's stack already, for all APIs of the account: with one of
 * its own, an authorizer would make the two stacks depend on each other.
 */
export function importHandler(scope: Construct, id: string, aliasArn: string): IFunction {
  return Function.fromFunctionAttributes(scope, id, { functionArn: aliasArn, skipPermissions: true });
}

/** Of the import beside the authorizer: a function of the consumer's own may be named after it. It makes no resource. */
export function handlerId(authorizerId: string): string {
  return `${authorizerId}:AuthServiceFunction`;
}

export function warnOfCache(scope: Construct, options: AuthorizerOptions): void {
  const { resultsCacheTtl = DEFAULT_CACHE } = options;
  if (resultsCacheTtl.toSeconds() > 0) {
    Annotations.of(scope).addWarningV2('cdk-auth-service:authorizerCache',
      `with resultsCacheTtl API Gateway lets sessions that have ended and tokens that have expired through for up to ${resultsCacheTtl.toHumanString()}`);
  }
}

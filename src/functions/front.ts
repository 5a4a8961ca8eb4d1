import { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AuthFunctionName } from '../contract/functions';
import { Routes } from '../contract/routes';
import { KeySecret } from '../signing/key-secret';

/** What the functions have to know of what stands before them. */
export interface Front {
  /** Who verifies access tokens of the service's own routes: API Gateway by the authorizer, or each function itself. */
  readonly tokenCheck: 'gateway' | 'function';
  /** Id of the REST API whose refused tokens the authorizer makes readable for pages; absent where API Gateway can do that itself. */
  readonly refusalsReadOn?: string;
  /** What proves that a request came through CloudFront; absent where no distribution stands before the API. */
  readonly originSecret?: KeySecret;
  /** The distribution that sends it. */
  readonly distribution?: IDistribution;
  /** ARN of the distribution's web ACL, or a pattern of it where somebody else associates one. */
  readonly webAclArn?: string;
}

/** Whether a function answers requests of the service's own API. */
export function isBehindApi(name: AuthFunctionName): boolean {
  return Routes.some(({ handler }) => handler === name);
}

/** Whether a function has routes that ask for an access token. */
export function takesAccessTokens(name: AuthFunctionName): boolean {
  return Routes.some(({ handler, access }) => handler === name && access === 'bearer');
}

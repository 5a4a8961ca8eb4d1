import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Construct } from 'constructs';
import { AuthorizerOptions, checkAuthorizer } from '../policy/authorizers';
import { DEFAULT_CACHE, importHandler, warnOfCache } from './handler';

/** Authorizer of an HTTP API, in the consumer's stack. */
export function serviceHttpAuthorizer(scope: Construct, id: string, aliasArn: string, options: AuthorizerOptions): HttpLambdaAuthorizer {
  checkAuthorizer(options);
  const handler = importHandler(scope, `${id}Function`, aliasArn);
  warnOfCache(handler, options);
  return new HttpLambdaAuthorizer(id, handler, {
    identitySource: ['$request.header.Authorization'],
    responseTypes: [HttpLambdaResponseType.SIMPLE],
    resultsCacheTtl: options.resultsCacheTtl ?? DEFAULT_CACHE,
  });
}

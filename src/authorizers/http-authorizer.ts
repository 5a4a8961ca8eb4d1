import { HttpRouteAuthorizerBindOptions, HttpRouteAuthorizerConfig } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaAuthorizerProps, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AuthorizerOptions, checkAuthorizer } from '../policy/authorizers';
import { warnOfNoEffect } from '../policy/no-effect';
import { AuthorizerHome, checkHome } from './authorizer-home';
import { DEFAULT_CACHE, handlerId, importHandler, warnOfCache } from './handler';

/** Knows only when it is bound which API it is for. */
class ServiceHttpAuthorizer extends HttpLambdaAuthorizer {
  private readonly home: AuthorizerHome;

  constructor(id: string, handler: IFunction, home: AuthorizerHome, props: HttpLambdaAuthorizerProps) {
    super(id, handler, props);
    this.home = home;
  }

  public override bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    checkHome(options.route.httpApi, this.home);
    return super.bind(options);
  }
}

/** Authorizer of an HTTP API, in the consumer's stack. */
export function serviceHttpAuthorizer(
  scope: Construct, id: string, aliasArn: string, home: AuthorizerHome, options: AuthorizerOptions,
): HttpLambdaAuthorizer {
  checkAuthorizer(options);
  checkHome(scope, home);
  const handler = importHandler(scope, handlerId(id), aliasArn);
  warnOfCache(handler, options);
  if (options.answerOutages === true) {
    warnOfNoEffect(handler, 'answerOutages', 'an HTTP API answers 500 while its authorizer is out of order, and lets nobody change it; a REST API answers 503');
  }
  return new ServiceHttpAuthorizer(id, handler, home, {
    identitySource: ['$request.header.Authorization'],
    responseTypes: [HttpLambdaResponseType.SIMPLE],
    resultsCacheTtl: options.resultsCacheTtl ?? DEFAULT_CACHE,
  });
}

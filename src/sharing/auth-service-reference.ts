import { RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { HttpLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { AuthMetric } from '../contract/metrics';
import { AuthorizerOptions } from '../policy/authorizers';

/** An authentication service, made here or elsewhere. */
export interface IAuthService extends IConstruct {
  /** Name of the service. */
  readonly serviceName: string;
  /** URL of the API, with the base path `v1` and without a trailing slash. */
  readonly apiUrl: string;
  /** `iss` of the access tokens. */
  readonly issuerUrl: string;
  /** `aud` of the access tokens: what verifiers of your own have to compare. */
  readonly audience: string;
  /** Where the public keys are. */
  readonly jwksUrl: string;

  /**
   * An authorizer for one REST API: valid tokens only, with `sub`, `scope`, `sid` and more in `event.requestContext.authorizer`. Made under
   * `scope`, in the stack of the API. While it is out of order the API answers 503.
   */
  restAuthorizer(scope: Construct, id: string, options?: AuthorizerOptions): RequestAuthorizer;

  /**
   * An authorizer for one HTTP API: valid tokens only, with `sub`, `scope`, `sid` and more in `event.requestContext.authorizer.lambda`. While it
   * is out of order an HTTP API answers 500, which cannot be changed.
   */
  httpAuthorizer(scope: Construct, id: string, options?: AuthorizerOptions): HttpLambdaAuthorizer;

  /** Allows somebody to administer users and keys: to invoke the admin function. */
  grantAdminister(grantee: IGrantable): Grant;

  /** A metric of the service: the sum over five minutes unless the options say otherwise. */
  metric(name: AuthMetric, options?: MetricOptions): Metric;
}

import { Token } from 'aws-cdk-lib';
import { RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { HttpLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AuthorizerHome } from '../authorizers/authorizer-home';
import { serviceHttpAuthorizer } from '../authorizers/http-authorizer';
import { ServiceRestAuthorizer } from '../authorizers/rest-authorizer';
import { ScopeSet } from '../authorizers/scope-set';
import { LIVE_ALIAS } from '../contract/authorizer';
import { AuthMetric } from '../contract/metrics';
import { serviceMetric } from '../monitoring/service-metrics';
import { AuthorizerOptions } from '../policy/authorizers';
import { checkPattern } from '../policy/validation';
import { IAuthService } from './auth-service-reference';
import { checkFunctionArn } from './function-arn';

/** What identifies a service that another app or stack made. */
export interface AuthServiceAttributes {
  /** Name of the service. */
  readonly serviceName: string;
  /** URL of the API, with the base path `v1` and without a trailing slash. */
  readonly apiUrl: string;
  /**
   * `iss` of the access tokens.
   * @default - `apiUrl`
   */
  readonly issuerUrl?: string;
  /**
   * `aud` of the access tokens.
   * @default - `serviceName`
   */
  readonly audience?: string;
  /** ARN of the authorizer function, without a version or alias. */
  readonly authorizerFunctionArn: string;
  /** ARN of the admin function, without a version or alias. */
  readonly adminFunctionArn: string;
}

/** A service that exists elsewhere. */
export class ImportedAuthService extends Construct implements IAuthService {
  public readonly serviceName: string;
  public readonly apiUrl: string;
  public readonly issuerUrl: string;
  public readonly audience: string;
  public readonly jwksUrl: string;
  private readonly authorizerFunctionArn: string;
  private readonly adminFunctionArn: string;

  constructor(scope: Construct, id: string, attributes: AuthServiceAttributes) {
    super(scope, id);
    checkPattern('apiUrl', attributes.apiUrl, /^https:\/\/[^\s?#]*[^\s?#/]$/, 'an https URL without query, fragment and trailing slash');
    checkFunctionArn('authorizerFunctionArn', attributes.authorizerFunctionArn, this);
    checkFunctionArn('adminFunctionArn', attributes.adminFunctionArn, this);
    this.serviceName = attributes.serviceName;
    this.apiUrl = attributes.apiUrl;
    this.issuerUrl = attributes.issuerUrl ?? attributes.apiUrl;
    this.audience = attributes.audience ?? attributes.serviceName;
    this.jwksUrl = `${attributes.apiUrl}/.well-known/jwks.json`;
    this.authorizerFunctionArn = attributes.authorizerFunctionArn;
    this.adminFunctionArn = attributes.adminFunctionArn;
  }

  public restAuthorizer(scope: Construct, id: string, options: AuthorizerOptions = {}): RequestAuthorizer {
    return new ServiceRestAuthorizer(scope, id, this.authorizerAlias(options), this.home(), options);
  }

  public httpAuthorizer(scope: Construct, id: string, options: AuthorizerOptions = {}): HttpLambdaAuthorizer {
    return serviceHttpAuthorizer(scope, id, this.authorizerAlias(options), this.home(), options);
  }

  public grantAdminister(grantee: IGrantable): Grant {
    const existing = this.node.tryFindChild('Admin') as Function | undefined;
    const admin = existing ?? Function.fromFunctionAttributes(this, 'Admin', { functionArn: `${this.adminFunctionArn}:${LIVE_ALIAS}`, skipPermissions: true });
    return admin.grantInvoke(grantee);
  }

  public metric(name: AuthMetric, options?: MetricOptions): Metric {
    return serviceMetric(this.serviceName, name, options);
  }

  /** An ARN that CloudFormation alone knows may be of anywhere. */
  private home(): AuthorizerHome {
    const [, , , region, account] = Token.isUnresolved(this.authorizerFunctionArn) ? [] : this.authorizerFunctionArn.split(':');
    return { region, account, madeHere: false };
  }

  /** The owner has to declare the scopes: an alias that is not there fails the invocation, so that nothing gets through. */
  private authorizerAlias(options: AuthorizerOptions): string {
    return `${this.authorizerFunctionArn}:${new ScopeSet(options.requiredScopes ?? []).alias}`;
  }
}

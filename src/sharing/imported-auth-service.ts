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

/** Whether they can be those of a service. */
export function checkAttributes(attributes: AuthServiceAttributes, scope: Construct): AuthServiceAttributes {
  checkPattern('apiUrl', attributes.apiUrl, /^https:\/\/[^\s?#]*[^\s?#/]$/, 'an https URL without query, fragment and trailing slash');
  checkFunctionArn('authorizerFunctionArn', attributes.authorizerFunctionArn, scope);
  checkFunctionArn('adminFunctionArn', attributes.adminFunctionArn, scope);
  return attributes;
}

/** A service that exists elsewhere. Each attribute is asked for when it is used: asking may make a parameter of the template. */
export class ImportedAuthService extends Construct implements IAuthService {
  private readonly attributes: AuthServiceAttributes;

  constructor(scope: Construct, id: string, attributesOf: (service: Construct) => AuthServiceAttributes) {
    super(scope, id);
    this.attributes = attributesOf(this);
  }

  public get serviceName(): string {
    return this.attributes.serviceName;
  }

  public get apiUrl(): string {
    return this.attributes.apiUrl;
  }

  public get issuerUrl(): string {
    return this.attributes.issuerUrl ?? this.apiUrl;
  }

  public get audience(): string {
    return this.attributes.audience ?? this.serviceName;
  }

  public get jwksUrl(): string {
    return `${this.apiUrl}/.well-known/jwks.json`;
  }

  public restAuthorizer(scope: Construct, id: string, options: AuthorizerOptions = {}): RequestAuthorizer {
    return new ServiceRestAuthorizer(scope, id, this.authorizerAlias(options), this.home(), options);
  }

  public httpAuthorizer(scope: Construct, id: string, options: AuthorizerOptions = {}): HttpLambdaAuthorizer {
    return serviceHttpAuthorizer(scope, id, this.authorizerAlias(options), this.home(), options);
  }

  public grantAdminister(grantee: IGrantable): Grant {
    const existing = this.node.tryFindChild('Admin') as Function | undefined;
    const admin = existing ?? Function.fromFunctionAttributes(this, 'Admin', { functionArn: `${this.attributes.adminFunctionArn}:${LIVE_ALIAS}`, skipPermissions: true });
    return admin.grantInvoke(grantee);
  }

  public metric(name: AuthMetric, options?: MetricOptions): Metric {
    return serviceMetric(this.serviceName, name, options);
  }

  /** An ARN that CloudFormation alone knows may be of anywhere. */
  private home(): AuthorizerHome {
    const [, , , region, account] = Token.isUnresolved(this.attributes.authorizerFunctionArn) ? [] : this.attributes.authorizerFunctionArn.split(':');
    return { region, account, madeHere: false };
  }

  /** The owner has to declare the scopes: an alias that is not there fails the invocation, so that nothing gets through. */
  private authorizerAlias(options: AuthorizerOptions): string {
    return `${this.attributes.authorizerFunctionArn}:${new ScopeSet(options.requiredScopes ?? []).alias}`;
  }
}

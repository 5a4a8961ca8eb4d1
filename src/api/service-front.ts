import { Aws } from 'aws-cdk-lib';
import { RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { IAliasRecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain, ApiGatewayv2DomainProperties, CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct, IDependable } from 'constructs';
import { STAGE_NAME } from '../contract/limits';
import { PageReaders } from '../firewall/page-origins';
import { AuthFunctions } from '../functions/auth-functions';
import { Front } from '../functions/front';
import { ApiMetrics, httpApiMetrics, restApiMetrics } from '../monitoring/api-metrics';
import { detailedRoutes } from '../monitoring/detailed-routes';
import { CustomDomainOptions } from '../policy/custom-domain';
import { Settings } from '../policy/settings';
import { KeySecret } from '../signing/key-secret';
import { AccessLog } from './access-log';
import { AuthDistribution } from './auth-distribution';
import { AuthHttpApi } from './auth-http-api';
import { AuthRestApi } from './auth-rest-api';
import { CorsProps } from './cors';
import { DomainRecords } from './domain-records';
import { HttpDomain, RestDomain } from './regional-domain';

/** Whatever clients meet first: the API of either kind, with what stands before it. It makes its parts in the service's own scope. */
export class ServiceFront {
  /** Without a trailing slash. */
  public readonly url: string;
  /** Where a DNS record of the host name has to point. */
  public readonly customDomainTarget?: string;
  public readonly restApi?: RestApi;
  public readonly restStage?: Stage;
  public readonly httpApi?: HttpApi;
  public readonly distribution?: Distribution;
  public readonly accessLog: AccessLog;
  /** How CloudWatch knows the API. */
  public readonly metrics: ApiMetrics;
  /** Whose pages may read what the web ACL refuses. */
  public readonly pages: PageReaders;
  /** What the functions have to know of it. */
  public readonly front: Front;
  private readonly api: AuthRestApi | AuthHttpApi;

  constructor(private readonly scope: Construct, private readonly props: Settings) {
    const { api: { _kind: kind, _options: options }, logRetention: retention, encryptionKey, removalPolicy } = props;
    this.accessLog = new AccessLog(scope, 'AccessLog', { kind, accessLogs: options.accessLogs, retention, removalPolicy, encryptionKey });
    this.pages = { origins: props.origins, credentials: props.tokens.transport._usesCookies };
    const { customDomain } = options;
    let hostName: string;
    if (kind === 'rest') {
      const api = this.createRestApi();
      [this.api, this.restApi, this.restStage, hostName] = [api, api.api, api.stage, api.hostName];
      this.front = { tokenCheck: 'gateway', ...this.severalOrigins() ? { refusalsReadOn: api.api.restApiId } : {} };
      this.metrics = restApiMetrics(props.serviceName);
      if (customDomain) {
        const { domain } = new RestDomain(scope, 'Domain', customDomain, api.api, api.stage);
        this.customDomainTarget = this.point(customDomain, new ApiGatewayDomain(domain), domain.domainNameAliasDomainName);
      }
    } else {
      const api = this.createHttpApi();
      [this.api, this.httpApi, hostName] = [api, api.api, api.hostName];
      this.front = { tokenCheck: 'function' };
      this.metrics = httpApiMetrics(api.api.apiId);
      if (props.behindCloudFront) {
        const originSecret = this.createOriginSecret();
        const { distribution } = new AuthDistribution(scope, 'Distribution', { ...props, originHost: hostName, originSecret, customDomain });
        this.distribution = distribution;
        const webAclArn = props.firewall._webAclArn ?? `arn:${Aws.PARTITION}:wafv2:us-east-1:${Aws.ACCOUNT_ID}:global/webacl/*`;
        this.front = { ...this.front, originSecret, distribution, webAclArn };
        hostName = distribution.distributionDomainName;
        this.customDomainTarget = customDomain && this.point(customDomain, new CloudFrontTarget(distribution), hostName);
      } else if (customDomain) {
        const { domain: { regionalDomainName, regionalHostedZoneId } } = new HttpDomain(scope, 'HttpDomain', customDomain, api.stage);
        this.customDomainTarget = this.point(customDomain, new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId), regionalDomainName);
      }
    }
    this.url = `https://${customDomain?.domainName ?? hostName}/${STAGE_NAME}`;
  }

  /** Adds the routes. Requests are served only when `ready` exists. */
  public serve(functions: AuthFunctions, ready: IDependable[]): void {
    this.api.serve(functions, ready);
  }

  private createRestApi(): AuthRestApi {
    const { api: { _options: options }, serviceName, tracing, monitoring, firewall } = this.props;
    return new AuthRestApi(this.scope, 'Api', {
      ...options, serviceName, tracing, accessLog: this.accessLog, cors: this.cors(), closesDefaultEndpoint: options.customDomain !== undefined,
      detailedRoutes: detailedRoutes(monitoring), authorizerNamesOrigins: this.severalOrigins(), firewallComparesOrigins: firewall._kind === 'managed',
    });
  }

  private createHttpApi(): AuthHttpApi {
    const { api: { _options: options }, serviceName, behindCloudFront, monitoring } = this.props;
    return new AuthHttpApi(this.scope, 'HttpApi', {
      // CloudFront itself comes by the default address.
      ...options, serviceName, accessLog: this.accessLog, cors: this.cors(), closesDefaultEndpoint: options.customDomain !== undefined && !behindCloudFront,
      detailedRoutes: detailedRoutes(monitoring),
    });
  }

  /** CloudFormation makes the first value, since the distribution needs it before any function exists. */
  private createOriginSecret(): KeySecret {
    const { removalPolicy, encryptionKey } = this.props;
    return new KeySecret(this.scope, 'OriginSecret', {
      description: 'What the functions know requests of CloudFront by',
      removalPolicy,
      encryptionKey,
      firstValue: { secretStringTemplate: JSON.stringify({ version: 1 }), generateStringKey: 'active', passwordLength: 64, excludePunctuation: true },
    });
  }

  private cors(): CorsProps | undefined {
    const { origins = [], credentials } = this.pages;
    return origins.length === 0 ? undefined : { origins, credentials };
  }

  /** One can be a constant in what API Gateway answers itself. */
  private severalOrigins(): boolean {
    return this.props.origins.length > 1;
  }

  private point(customDomain: CustomDomainOptions, target: IAliasRecordTarget, hostName: string): string {
    new DomainRecords(this.scope, 'DomainRecords', customDomain, target);
    return hostName;
  }
}

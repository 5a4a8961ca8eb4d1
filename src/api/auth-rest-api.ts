import { Aws, Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  CfnAuthorizer, CfnRestApi, EndpointType, IAuthorizer, IResource, IdentitySource, LambdaIntegration, MethodDeploymentOptions, MethodLoggingLevel,
  RequestAuthorizer, RequestValidator, RestApi, SecurityPolicy, Stage,
} from 'aws-cdk-lib/aws-apigateway';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct, IDependable } from 'constructs';
import { AuthFunctionName } from '../contract/functions';
import { STAGE_NAME } from '../contract/limits';
import { Route, Routes, answersHead } from '../contract/routes';
import { AuthFunctions } from '../functions/auth-functions';
import { RestApiOptions, ThrottleOptions } from '../policy/api';
import { AuthRoute } from '../policy/routes';
import { Findings, acknowledge } from '../policy/findings';
import { AccessLog } from './access-log';
import { CorsProps, addPreflight, gatewayResponseCors } from './cors';
import { addGatewayResponses } from './gateway-responses';
import { isDetailed, routeThrottles, stageThrottle } from './throttles';

/** What the API consists of, before there are functions to serve it. */
export interface AuthRestApiProps extends RestApiOptions {
  readonly serviceName: string;
  readonly tracing: Tracing;
  readonly accessLog: AccessLog;
  readonly cors?: CorsProps;
  /** Whether a page may read a refused token because the authorizer, which is asked about every request, compared its origin. */
  readonly authorizerNamesOrigins: boolean;
  /** Whether the web ACL before it tells which origins are listed. */
  readonly firewallComparesOrigins: boolean;
  /** Whether clients reach it under a host name of its own only. */
  readonly closesDefaultEndpoint: boolean;
  /** Routes whose metrics are published one by one. */
  readonly detailedRoutes: readonly AuthRoute[];
}

/** Newest policy of API Gateway: TLS 1.2 and 1.3 only, with post-quantum key agreement. */
export const SECURITY_POLICY = SecurityPolicy.TLS13_1_2_PQ_2025_09;

/** The regional REST API. Made first, so that its URL can be in the functions' environment; routes follow when the functions exist. */
export class AuthRestApi extends Construct {
  public readonly api: RestApi;
  public readonly stage: Stage;
  /** Host of the API. From its id and not from the stage, which depends on the functions. */
  public readonly hostName: string;
  private readonly cors?: CorsProps;
  private readonly authorizerNamesOrigins: boolean;
  private readonly validator: RequestValidator;

  constructor(scope: Construct, id: string, props: AuthRestApiProps) {
    super(scope, id);
    this.cors = props.cors;
    this.authorizerNamesOrigins = props.authorizerNamesOrigins;
    const { destinationArn, format } = props.accessLog;
    this.api = new RestApi(this, 'Api', {
      restApiName: props.serviceName,
      description: `Authentication service ${props.serviceName}`,
      cloudWatchRole: false,
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      disableExecuteApiEndpoint: props.closesDefaultEndpoint || undefined,
      deployOptions: {
        stageName: STAGE_NAME,
        tracingEnabled: props.tracing === Tracing.ACTIVE,
        ...destinationArn === undefined ? {} : { accessLogDestination: { bind: () => ({ destinationArn }) }, accessLogFormat: AccessLogFormat.custom(format) },
        ...methodSettings(stageThrottle(props), false),
        methodOptions: routeSettings(props),
      },
    });
    // Its value says nothing that the service's own does not, under a name that we do not choose.
    this.api.node.tryRemoveChild('Endpoint');
    const resource = this.api.node.defaultChild as CfnRestApi;
    resource.securityPolicy = SECURITY_POLICY;
    resource.endpointAccessMode = 'STRICT';
    // What API Gateway can check by itself: parameters of the path. Bodies have schemas stricter than its own in the functions, which refuse
    // unknown and repeated members and say which one is wrong.
    this.validator = this.api.addRequestValidator('Validator', { validateRequestParameters: true, validateRequestBody: true });
    this.stage = this.api.deploymentStage;
    acknowledge(this.stage, Findings.NO_EXECUTION_LOGS, Findings.NO_CACHED_ANSWERS, Findings.NO_CLIENT_CERTIFICATE);
    if (destinationArn === undefined) {
      acknowledge(this.stage, Findings.NO_ACCESS_LOG);
    }
    this.stage.node.addDependency(...props.accessLog.prerequisites);
    this.hostName = `${this.api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
    addGatewayResponses(this.api, props.cors && gatewayResponseCors(props.cors, props.firewallComparesOrigins), props.authorizerNamesOrigins);
  }

  /** Adds every route of the contract, each method by itself: no proxy, no ANY. Requests are served only when `ready` exists. */
  public serve(functions: AuthFunctions, ready: IDependable[]): void {
    this.stage.node.addDependency(...ready);
    const authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: functions.get(AuthFunctionName.AUTHORIZER).alias,
      identitySources: [IdentitySource.header('Authorization')],
      // A cached policy would let an ended session through.
      resultsCacheTtl: Duration.seconds(0),
    });
    if (this.authorizerNamesOrigins) {
      // Where a header is an identity source, API Gateway refuses a request without it before anybody could compare the origin.
      (authorizer.node.defaultChild as CfnAuthorizer).identitySource = undefined;
    }
    const integrations = new Map<string, LambdaIntegration>();
    for (const route of Routes) {
      const integration = integrations.get(route.handler)
        // One permission a function: with one a method, the policy of the function would outgrow its limit.
        ?? new LambdaIntegration(functions.get(route.handler as AuthFunctionName).alias, { proxy: true, scopePermissionToMethod: false });
      integrations.set(route.handler, integration);
      this.addRoute(route, integration, authorizer);
    }
    if (this.cors) {
      for (const path of new Set(Routes.map((route) => route.path))) {
        addPreflight(this.resourceFor(path), Routes.filter((route) => route.path === path).map((route) => route.method), this.cors);
      }
    }
  }

  private addRoute(route: Route, integration: LambdaIntegration, authorizer: IAuthorizer): void {
    const parameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [`method.request.path.${name}`, true]);
    for (const name of [route.method, ...answersHead(route) ? ['HEAD'] : []]) {
      const method = this.resourceFor(route.path).addMethod(name, integration, {
        apiKeyRequired: false,
        requestValidator: this.validator,
        ...parameters.length > 0 ? { requestParameters: Object.fromEntries(parameters) } : {},
        ...route.access === 'bearer' ? { authorizer } : {},
      });
      acknowledge(method, Findings.OWN_AUTHORIZER, ...route.access === 'public' ? [Findings.PUBLIC_ROUTE] : []);
    }
  }

  private resourceFor(path: string): IResource {
    return this.api.root.resourceForPath(path);
  }
}

/** A setting of a single route replaces the stage's as a whole, so that each repeats what is to hold everywhere. */
function methodSettings({ rateLimit, burstLimit }: ThrottleOptions, metricsEnabled: boolean): MethodDeploymentOptions {
  return {
    metricsEnabled,
    // Execution logs may hold bodies, and bodies hold passwords.
    dataTraceEnabled: false,
    loggingLevel: MethodLoggingLevel.OFF,
    cachingEnabled: false,
    throttlingRateLimit: rateLimit,
    throttlingBurstLimit: burstLimit,
  };
}

function routeSettings(props: AuthRestApiProps): Record<string, MethodDeploymentOptions> {
  return Object.fromEntries(routeThrottles(props).map(([route, throttle]) =>
    [`${route.path}/${route.method}`, methodSettings(throttle, isDetailed(route, props.detailedRoutes))]));
}

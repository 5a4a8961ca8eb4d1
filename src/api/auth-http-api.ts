import { Aws, Duration } from 'aws-cdk-lib';
import {
  CfnRoute, CfnStage, CorsHttpMethod, CorsPreflightOptions, HttpApi, HttpIntegration, HttpIntegrationType, PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { AuthFunctionName } from '../contract/functions';
import { EXPOSED_HEADERS, STAGE_NAME } from '../contract/limits';
import { Route, Routes, answersHead } from '../contract/routes';
import { AuthFunctions } from '../functions/auth-functions';
import { HttpApiOptions, ThrottleOptions } from '../policy/api';
import { AuthRoute } from '../policy/routes';
import { Findings, acknowledge } from '../policy/findings';
import { AccessLog } from './access-log';
import { CorsProps, MAX_AGE_SECONDS, REQUEST_HEADERS } from './cors';
import { isDetailed, routeThrottles, stageThrottle } from './throttles';

/** What the API consists of, before there are functions to serve it. */
export interface AuthHttpApiProps extends HttpApiOptions {
  readonly serviceName: string;
  readonly accessLog: AccessLog;
  readonly cors?: CorsProps;
  /** Whether clients reach it under a host name of its own only. */
  readonly closesDefaultEndpoint: boolean;
  /** Routes whose metrics are published one by one. */
  readonly detailedRoutes: readonly AuthRoute[];
}

/** The HTTP API. Made first, so that its address can be in what the functions depend on; routes follow when the functions exist. */
export class AuthHttpApi extends Construct {
  public readonly api: HttpApi;
  public readonly stage: CfnStage;
  /** Host of the API. From its id: the stage depends on the functions. */
  public readonly hostName: string;

  constructor(scope: Construct, id: string, props: AuthHttpApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: props.serviceName,
      description: `Authentication service ${props.serviceName}`,
      createDefaultStage: false,
      disableExecuteApiEndpoint: props.closesDefaultEndpoint,
      corsPreflight: props.cors && preflight(props.cors),
    });
    this.hostName = `${this.api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
    const { destinationArn, format } = props.accessLog;
    this.stage = new CfnStage(this, 'Stage', {
      apiId: this.api.apiId,
      stageName: STAGE_NAME,
      autoDeploy: true,
      accessLogSettings: destinationArn === undefined ? undefined : { destinationArn, format },
      defaultRouteSettings: { detailedMetricsEnabled: false, ...bucket(stageThrottle(props)) },
      // By route key; CloudFormation takes this member as it comes, without the CDK's own spelling.
      routeSettings: Object.fromEntries(routeThrottles(props).map(([route, throttle]) =>
        [routeKey(route), inTemplate({ detailedMetricsEnabled: isDetailed(route, props.detailedRoutes), ...bucket(throttle) })])),
    });
    if (destinationArn === undefined) {
      acknowledge(this.stage, Findings.NO_ACCESS_LOG);
    }
  }

  /** Adds every route of the contract: no default route, no proxy, no ANY. Requests are served only when `ready` exists. */
  public serve(functions: AuthFunctions, ready: IDependable[]): void {
    this.stage.node.addDependency(...ready);
    const integrations = new Map<string, HttpIntegration>();
    for (const route of Routes) {
      const integration = integrations.get(route.handler) ?? this.integrate(route.handler as AuthFunctionName, functions);
      integrations.set(route.handler, integration);
      for (const method of [route.method, ...answersHead(route) ? ['HEAD'] : []]) {
        const added = new CfnRoute(this, routeId(method, route.path), {
          apiId: this.api.apiId,
          routeKey: `${method} ${route.path}`,
          // The function verifies access tokens itself: an authorizer that fails would be a 500 here, and clients could not tell it from a bug.
          authorizationType: 'NONE',
          target: `integrations/${integration.integrationId}`,
        });
        acknowledge(added, route.access === 'bearer' ? Findings.FUNCTION_VERIFIES : Findings.PUBLIC_ROUTE);
        // Settings of a route that does not exist are refused.
        this.stage.node.addDependency(added);
      }
    }
  }

  /** One for all routes of a function, with one permission. */
  private integrate(name: AuthFunctionName, functions: AuthFunctions): HttpIntegration {
    const { alias } = functions.get(name);
    alias.addPermission('HttpApi', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.api.arnForExecuteApi('*', '/*', '*'),
    });
    return new HttpIntegration(this, `${name}Integration`, {
      httpApi: this.api,
      integrationType: HttpIntegrationType.AWS_PROXY,
      integrationUri: alias.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
  }
}

function routeKey({ method, path }: Route): string {
  return `${method} ${path}`;
}

/** `POST /me/password` becomes `POST-me-password`. */
function routeId(method: string, path: string): string {
  return `${method}${path.replaceAll('/', '-').replace(/[{}]/g, '')}`;
}

function bucket({ rateLimit, burstLimit }: ThrottleOptions) {
  return { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit };
}

function inTemplate(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, value]));
}

/** API Gateway compares whole origins, answers preflights itself, and leaves what the functions say about CORS out of their answers. */
function preflight({ origins, credentials }: CorsProps): CorsPreflightOptions {
  return {
    allowOrigins: [...origins],
    allowCredentials: credentials,
    allowMethods: [...new Set(Routes.map(({ method }) => method))].map((method) => CorsHttpMethod[method]),
    allowHeaders: [...REQUEST_HEADERS],
    exposeHeaders: [...EXPOSED_HEADERS],
    maxAge: Duration.seconds(MAX_AGE_SECONDS),
  };
}

import { AccessLogs } from './access-logs';
import { CustomDomainOptions, checkCustomDomain } from './custom-domain';
import { merge, mergeEntries } from './merge';
import { AuthRoute } from './routes';
import { checkInteger, checkPositive, checkUnique } from './validation';

/** A token bucket. Above it API Gateway answers 429. */
export interface ThrottleOptions {
  /** Requests a second, on average. */
  readonly rateLimit: number;

  /**
   * Requests at once.
   * @default - twice `rateLimit`
   */
  readonly burstLimit?: number;
}

/** A token bucket of one route. */
export interface RouteThrottleOptions extends ThrottleOptions {
  /** Which route. */
  readonly route: AuthRoute;
}

/** What every front has. */
export interface ApiOptions {
  /**
   * Throttle of the whole API.
   * @default - 1000 requests a second, 2000 at once
   */
  readonly throttle?: ThrottleOptions;

  /**
   * Throttles of single routes.
   * @default - login 300 a second, register 100, refresh 500 and so on, as the documentation of the API lists them
   */
  readonly routeThrottles?: RouteThrottleOptions[];
}

/** A REST API of API Gateway. */
export interface RestApiOptions extends ApiOptions {
  /**
   * Where the access log goes.
   * @default AccessLogs.cloudWatch()
   */
  readonly accessLogs?: AccessLogs;

  /**
   * A host name of one's own. The address that API Gateway gives every API is then closed.
   * @default - the address that API Gateway gives every API
   */
  readonly customDomain?: CustomDomainOptions;
}

/** An HTTP API of API Gateway, behind a CloudFront distribution unless the firewall is `Firewall.disabled()`. */
export interface HttpApiOptions extends ApiOptions {
  /**
   * Where the access log goes: to CloudWatch Logs or nowhere. An HTTP API needs no log role of the account and makes none.
   * @default AccessLogs.cloudWatch()
   */
  readonly accessLogs?: AccessLogs;

  /**
   * A host name of one's own. Behind CloudFront its certificate has to be from us-east-1; with `Firewall.disabled()` from the service's
   * Region, and the address that API Gateway gives every API is then closed.
   * @default - the address that CloudFront gives every distribution, or API Gateway every API
   */
  readonly customDomain?: CustomDomainOptions;
}

/** The front of the service. */
export class AuthApi {
  /** A regional REST API: guarded by a web ACL, with throttles per route. */
  public static rest(options: RestApiOptions = {}): AuthApi {
    return AuthApi.of('rest', options);
  }

  /**
   * An HTTP API: $1.00 a million requests where a REST API takes $3.50. AWS WAF cannot guard it by itself, so that `firewall` has to be chosen:
   * with `Firewall.cloudFront()` a CloudFront distribution with a web ACL stands before it, about $1.10 a million requests, and the functions
   * refuse whatever did not come through it. They also verify access tokens themselves, which saves the authorizer's invocation.
   */
  public static http(options: HttpApiOptions = {}): AuthApi {
    return AuthApi.of('http', options);
  }

  private static of(kind: 'rest' | 'http', options: FrontOptions): AuthApi {
    checkThrottle('api: throttle', options.throttle);
    checkUnique('api: routeThrottles', (options.routeThrottles ?? []).map(({ route }) => route));
    options.routeThrottles?.forEach((throttle) => checkThrottle(`api: throttle of ${throttle.route}`, throttle));
    checkCustomDomain(options.customDomain);
    return new AuthApi(kind, options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'rest' | 'http',
    /** @internal */
    public readonly _options: FrontOptions,
  ) {}

  /**
   * What is set over a layer below. A throttle is one value: rate and burst belong together.
   * @internal
   */
  public _over(below: ApiOptions): AuthApi {
    const routeThrottles = mergeEntries('route', below.routeThrottles?.filter(({ route }) => !this.throttles(route)), this._options.routeThrottles);
    return new AuthApi(this._kind, { ...merge<FrontOptions>(below, this._options), routeThrottles });
  }

  private throttles(route: AuthRoute): boolean {
    return this._options.routeThrottles?.some((throttle) => throttle.route === route) ?? false;
  }
}

/** What can be set of either kind. */
export type FrontOptions = RestApiOptions & HttpApiOptions;

function checkThrottle(property: string, throttle: ThrottleOptions | undefined): void {
  checkPositive(`${property}: rateLimit`, throttle?.rateLimit);
  checkInteger(`${property}: burstLimit`, throttle?.burstLimit, 1, 1_000_000);
}

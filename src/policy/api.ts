import { AccessLogs } from './access-logs';
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

/** A REST API of API Gateway. */
export interface RestApiOptions {
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

  /**
   * Where the access log goes.
   * @default AccessLogs.cloudWatch()
   */
  readonly accessLogs?: AccessLogs;
}

/** The front of the service. */
export class AuthApi {
  /** A regional REST API: guarded by a web ACL, with throttles per route. */
  public static rest(options: RestApiOptions = {}): AuthApi {
    checkThrottle('api: throttle', options.throttle);
    checkUnique('api: routeThrottles', (options.routeThrottles ?? []).map(({ route }) => route));
    options.routeThrottles?.forEach((throttle) => checkThrottle(`api: throttle of ${throttle.route}`, throttle));
    return new AuthApi(options);
  }

  private constructor(
    /** @internal */
    public readonly _rest: RestApiOptions,
  ) {}

  /**
   * What is set over a layer below. A throttle is one value: rate and burst belong together.
   * @internal
   */
  public _over(below: RestApiOptions): AuthApi {
    const routeThrottles = mergeEntries('route', below.routeThrottles?.filter(({ route }) => !this.throttles(route)), this._rest.routeThrottles);
    return new AuthApi({ ...merge(below, this._rest), routeThrottles });
  }

  private throttles(route: AuthRoute): boolean {
    return this._rest.routeThrottles?.some((throttle) => throttle.route === route) ?? false;
  }
}

function checkThrottle(property: string, throttle: ThrottleOptions | undefined): void {
  checkPositive(`${property}: rateLimit`, throttle?.rateLimit);
  checkInteger(`${property}: burstLimit`, throttle?.burstLimit, 1, 1_000_000);
}

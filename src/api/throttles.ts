import { Token } from 'aws-cdk-lib';
import { Route, Routes } from '../contract/routes';
import { ApiOptions, ThrottleOptions } from '../policy/api';
import { AuthRoute } from '../policy/routes';

const STAGE: ThrottleOptions = { rateLimit: 1000, burstLimit: 2000 };

/** The bucket of the whole API. */
export function stageThrottle({ throttle = STAGE }: ApiOptions): ThrottleOptions {
  return withBurst(throttle);
}

/** Routes with a bucket of their own. */
export function routeThrottles({ routeThrottles: set = [] }: ApiOptions): [Route, ThrottleOptions][] {
  return Routes.flatMap((each): [Route, ThrottleOptions][] => {
    const { method, path, rateLimit, burstLimit } = each;
    const throttle = set.find(({ route }) => route === `${method} ${path}`) ?? (rateLimit === undefined ? undefined : { rateLimit, burstLimit });
    return throttle ? [[each, withBurst(throttle)]] : [];
  });
}

/** Whether the metrics of a route are published by themselves. Settings of a route are told by its throttle, so that such a route needs one. */
export function isDetailed({ method, path }: Route, detailed: readonly AuthRoute[]): boolean {
  return detailed.includes(`${method} ${path}` as AuthRoute);
}

function withBurst({ rateLimit, burstLimit }: ThrottleOptions): ThrottleOptions {
  return { rateLimit, burstLimit: burstLimit ?? (Token.isUnresolved(rateLimit) ? undefined : Math.ceil(rateLimit * 2)) };
}

import { STAGE_NAME } from '../contract/limits';
import { AuthRoute } from '../policy/routes';

/** How CloudWatch knows an API. */
export interface ApiMetrics {
  readonly dimensions: Readonly<Record<string, string>>;
  /** Name of the metric of answers with 4xx. */
  readonly clientErrors: string;
  /** Name of the metric of answers with 5xx. */
  readonly serverErrors: string;
}

/** A REST API is known by its name. */
export function restApiMetrics(apiName: string): ApiMetrics {
  return { dimensions: { ApiName: apiName, Stage: STAGE_NAME }, clientErrors: '4XXError', serverErrors: '5XXError' };
}

/** An HTTP API is known by its id. */
export function httpApiMetrics(apiId: string): ApiMetrics {
  return { dimensions: { ApiId: apiId, Stage: STAGE_NAME }, clientErrors: '4xx', serverErrors: '5xx' };
}

/** Dimensions of one route, which both kinds name alike. */
export function routeDimensions(route: AuthRoute | undefined): Record<string, string> {
  const [method, path] = route?.split(' ') ?? [];
  return method && path ? { Method: method, Resource: path } : {};
}

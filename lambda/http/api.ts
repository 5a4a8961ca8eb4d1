import { SECURITY_HEADERS } from '../../src/contract/headers';
import { CORRELATION_HEADER } from '../../src/contract/limits';
import { AuthError } from '../domain/errors';
import { readBody } from './body';
import { presentsBearer } from './bearer';
import type { BrowserSettings } from './browser';
import { BrowserPolicy } from './browser';
import { Cookies } from './cookies';
import type { Endpoint } from './endpoint';
import type { ApiEvent, ApiResult } from './events';
import type { Admit } from './admission';
import { correlationIdOf } from './headers';
import type { Deadline } from '../ports/deadline';
import type { LastResortDeps } from './last-resort';
import { lastResort } from './last-resort';
import type { Identify } from './principal';
import type { Presented } from './problem';
import { problemResponse } from './problem';
import { toRequest } from './request';
import { toResult } from './response';
import type { HttpRequest, HttpResponse } from './types';
import { validate } from './validation';
import type { TimeLeft } from './working-time';
import { GATEWAY_PATIENCE_MS, workingTime } from './working-time';

export interface HttpSettings extends BrowserSettings {
  /** Whether the local instance runs the function. */
  readonly local: boolean;
}

export interface ApiDeps extends LastResortDeps {
  readonly deadline: Deadline;
  readonly http: HttpSettings;
  readonly admit: Admit;
  /** Absent where no route is guarded. */
  readonly identify?: Identify;
}

/** A request, and why it is let in no further if it is not. */
interface Arrival {
  readonly request: HttpRequest;
  readonly refusal?: unknown;
}

export type ApiHandler = (event: ApiEvent, context: TimeLeft) => Promise<ApiResult>;

/** The function behind some routes: event in, answer out in time (RS-05), and never an exception. */
export function createApi(deps: ApiDeps, endpoints: readonly Endpoint[]): ApiHandler {
  const table = new Map(endpoints.map((endpoint) => [endpoint.route, endpoint]));
  const cookies = new Cookies(deps.http.local);
  const browsers = new BrowserPolicy(deps.http, cookies);

  const arrive = async (request: HttpRequest): Promise<Arrival> => {
    try {
      return { request: await deps.deadline.keep(() => deps.admit(request)) };
    } catch (refusal) {
      return { request, refusal };
    }
  };

  const answer = async ({ request, refusal }: Arrival, operation: string): Promise<HttpResponse> => {
    if (refusal !== undefined) throw refusal;
    const endpoint = table.get(operation);
    if (!endpoint) throw new AuthError('not_found', { reason: 'route' });
    const principal = endpoint.access === 'bearer' ? await deps.identify?.(request) : undefined;
    browsers.admit(request, endpoint.cookieUse);
    const browser = endpoint.cookieUse !== 'none' && browsers.usesCookies(request);
    return endpoint.handle({
      request,
      body: endpoint.body ? validate(endpoint.body.schema, readBody(request, endpoint.body.kind)) : undefined,
      browser,
      cookies,
      ...(principal ? { principal } : {}),
      ...(browser ? { refreshCookie: request.cookies[cookies.refreshName]?.[0], deviceCookie: request.cookies[cookies.deviceName]?.[0] } : {}),
    });
  };

  return (event, context) => deps.deadline.run(workingTime(context, GATEWAY_PATIENCE_MS), async () => {
    const arrival = await arrive(toRequest(event));
    const { request } = arrival;
    const { requestId, sourceIp } = request;
    // API Gateway has HEAD only where it is answered like GET; the body stays behind.
    const operation = `${request.method === 'HEAD' ? 'GET' : request.method} ${request.route}`;
    const correlationId = correlationIdOf(request.headers, requestId);
    return deps.scope.run({ requestId, correlationId, operation, sourceIp, userAgent: request.headers['user-agent'] }, async () => {
      const answered = deps.deadline.keep(() => answer(arrival, operation));
      const response = await answered.catch((error: unknown) => problemResponse(lastResort(deps, error), requestId, presented(request, table.get(operation))));
      return toResult(event, {
        ...response,
        headers: {
          ...SECURITY_HEADERS, ...browsers.corsHeaders(request, table.get(operation)?.readers), [CORRELATION_HEADER]: correlationId, ...response.headers,
        },
      });
    });
  });
}

function presented({ headers }: HttpRequest, { access = 'public' }: Partial<Endpoint> = {}): Presented {
  return { access, bearer: access === 'bearer' && presentsBearer(headers['authorization']) };
}

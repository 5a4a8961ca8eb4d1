import * as v from 'valibot';
import { CachedOriginSecret } from '../../../lambda/adapters/keys';
import { RequestDeadline } from '../../../lambda/adapters/deadline';
import { AuditLog } from '../../../lambda/adapters/log/audit-log';
import { JsonLog } from '../../../lambda/adapters/log/json-log';
import { AsyncRequestScope } from '../../../lambda/adapters/log/request-scope';
import { createHandler as createAuthorizer } from '../../../lambda/handlers/authorizer/handler';
import { credentialsEndpoints } from '../../../lambda/handlers/credentials/endpoints';
import { discoveryEndpoints } from '../../../lambda/handlers/discovery/endpoints';
import { loginEndpoints } from '../../../lambda/handlers/login/endpoints';
import { logoutEndpoints } from '../../../lambda/handlers/logout/endpoints';
import { profileEndpoints } from '../../../lambda/handlers/profile/endpoints';
import { refreshEndpoints } from '../../../lambda/handlers/refresh/endpoints';
import { registerEndpoints } from '../../../lambda/handlers/register/endpoints';
import { admittedByCloudFront, admittedByGateway } from '../../../lambda/http/admission';
import type { HttpSettings } from '../../../lambda/http/api';
import { createApi } from '../../../lambda/http/api';
import type { Endpoint } from '../../../lambda/http/endpoint';
import type { Policy } from '../../../lambda/http/authorizer-event';
import type { ApiResult } from '../../../lambda/http/events';
import { OPERATIONS, schemas } from '../../../lambda/http/openapi/operations';
import { identifiedByGateway, identifiedByToken } from '../../../lambda/http/principal';
import { ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../../src/contract/limits';
import { Routes } from '../../../src/contract/routes';
import type { Given } from '../http/events';
import { httpApiEvent, restEvent } from '../http/events';
import { FakeSecrets } from '../support/fake-secrets';
import { TIME_LEFT } from '../support/time-left';
import type { World, WorldOptions } from '../support/world';
import { createWorld } from '../support/world';

export const ORIGIN = 'https://app.example.com';
export const PASSWORD = 'glacier tulip marmot sonata';
export const EMAIL = 'ada@example.com';
/** What CloudFront sends along. */
export const ORIGIN_SECRET = 'Sent4'.repeat(13).slice(0, 64);
/** Whom API Gateway sees behind CloudFront. */
export const CLOUDFRONT = '192.0.2.200';

/** A REST API, or an HTTP API behind CloudFront. */
export const FRONTS = ['rest', 'http'] as const;
export type Front = (typeof FRONTS)[number];

export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly raw?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly bearer?: string;
  readonly sourceIp?: string;
  /** Straight to the HTTP API, past CloudFront. */
  readonly past?: boolean;
  /** In the event, as if an authorizer had put it there. */
  readonly context?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whole Set-Cookie values. */
  readonly cookies: readonly string[];
  readonly body: any;
}

export interface Service {
  readonly world: World;
  /** What each function serves. */
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** Everything that was written to the log. */
  readonly lines: string[];
  /** What the application counted as audit events, in order. */
  events(): any[];
  send(request: Request): Promise<Answer>;
  /** Registers if need be, and logs in over the body transport. */
  login(email?: string): Promise<any>;
}

export interface ServiceOptions extends WorldOptions {
  readonly http?: Partial<HttpSettings>;
  /** @default 'rest' */
  readonly front?: Front;
}

/** The handlers in this process over memory adapters, behind what AWS does: routing, the authorizer or the headers of CloudFront. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const { front = 'rest' } = options;
  const world = await createWorld(options);
  const secrets = await originSecrets();
  const lines: string[] = [];
  const sink = (line: string): void => { lines.push(line); };
  const scope = new AsyncRequestScope();
  const deps = {
    ...world,
    scope,
    deadline: new RequestDeadline(),
    audit: new AuditLog('Shop', world.clock, scope, sink),
    log: new JsonLog('Shop', 'debug', world.clock, scope, sink),
    http: { origins: [ORIGIN], transport: 'body' as const, local: false, ...options.http },
    admit: front === 'rest'
      ? admittedByGateway
      : admittedByCloudFront(new CachedOriginSecret(world.calls.watch('secrets', secrets), ORIGIN_SECRET_ID, world.crypto, world.clock)),
    issuer: world.tokens.issuer,
    signingAlgorithm: 'ES256' as const,
  };
  const endpoints: Readonly<Record<string, readonly Endpoint[]>> = {
    register: registerEndpoints(deps),
    login: loginEndpoints(deps),
    refresh: refreshEndpoints(deps),
    logout: logoutEndpoints(deps),
    profile: profileEndpoints(deps),
    credentials: credentialsEndpoints(deps),
    discovery: discoveryEndpoints(deps),
  };
  const functions = new Map(Object.entries(endpoints).map(([name, own]) => [name, createApi({ ...deps, identify: front === 'rest' ? identifiedByGateway : identifiedByToken(deps) }, own)]));
  const authorizer = createAuthorizer(deps);

  const send = async (request: Request): Promise<Answer> => {
    const method = request.method ?? 'POST';
    const { route, path } = match(method, request.path);
    const headers = { ...request.headers, ...(request.bearer === undefined ? {} : { authorization: `Bearer ${request.bearer}` }) };
    const given = { ...request, headers, method, route: route.path, path };
    if (front === 'http') {
      const authorizer = request.context ? { authorizer: request.context } : {};
      const result = await functions.get(route.handler)!(httpApiEvent({ ...(request.past ? given : throughCloudFront(given)), ...authorizer }), TIME_LEFT);
      return checked(`${method} ${route.path}`, result);
    }
    let context = request.context;
    if (route.access === 'bearer') {
      const event = { ...restEvent(given), type: 'REQUEST', methodArn: `arn:aws:execute-api:eu-west-1:111122223333:abc123/v1/${method}${request.path}` };
      try {
        const policy = await authorizer(event, { ...TIME_LEFT, awsRequestId: 'authorizer', invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:authorizer:live' }) as Policy;
        if (policy.policyDocument.Statement[0]?.Effect !== 'Allow') return gateway(403, 'forbidden');
        context = policy.context;
      } catch (error) {
        return (error as Error).message === 'Unauthorized' ? gateway(401, 'invalid_token') : gateway(503, 'unavailable');
      }
    }
    const authorized = context ? { authorizer: { ...context, principalId: context['sub'] } } : {};
    const result = await functions.get(route.handler)!(restEvent({ ...given, ...authorized }), TIME_LEFT);
    return checked(`${method} ${route.path}`, result);
  };

  return {
    world,
    endpoints,
    lines,
    send,
    events: () => lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'audit'),
    login: async (email = EMAIL) => {
      const credentials = { email, password: PASSWORD };
      const answer = await send({ path: '/login', body: credentials });
      if (answer.status === 200) return answer.body;
      await send({ path: '/register', body: credentials });
      return (await send({ path: '/login', body: credentials })).body;
    },
  };
}

function match(method: string, path: string) {
  for (const route of Routes) {
    const pattern = new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const found = route.method === method ? pattern.exec(path) : null;
    if (found) return { route, path: found.groups as Record<string, string> | undefined };
  }
  // API Gateway would not route it; the function that it names is asked all the same.
  const route = Routes.find((candidate) => candidate.path === path)!;
  return { route: { ...route, method, access: 'public' as const }, path: undefined };
}

function gateway(status: number, code: string): Answer {
  return { status, headers: { 'content-type': 'application/problem+json' }, cookies: [], body: { code, status } };
}

const ORIGIN_SECRET_ID = 'arn:origin';

async function originSecrets(): Promise<FakeSecrets> {
  const secrets = new FakeSecrets();
  secrets.create(ORIGIN_SECRET_ID);
  await secrets.put(ORIGIN_SECRET_ID, '0'.repeat(32), JSON.stringify({ version: 1, active: ORIGIN_SECRET }), ['AWSCURRENT']);
  return secrets;
}

/** Whatever the viewer sent under these names, CloudFront sends its own. */
function throughCloudFront<G extends Pick<Given, 'headers' | 'sourceIp'>>(given: G): G {
  const names = [ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER];
  const headers = Object.fromEntries(Object.entries(given.headers ?? {}).filter(([name]) => !names.includes(name.toLowerCase())));
  const own = { [ORIGIN_SECRET_HEADER]: ORIGIN_SECRET, [VIEWER_ADDRESS_HEADER]: given.sourceIp ?? '203.0.113.7' };
  return { ...given, headers: { ...headers, ...own }, sourceIp: CLOUDFRONT };
}

/** Every answer keeps to the published schemas and carries the headers, whatever else a test looks at. */
function checked(operation: string, result: ApiResult): Answer {
  const headers = 'headers' in result ? result.headers : Object.fromEntries(Object.entries(result.multiValueHeaders).map(([name, values]) => [name, values.join('|')]));
  const body = result.body === '' ? undefined : JSON.parse(result.body);
  const known = OPERATIONS[operation];
  const schema = result.statusCode < 300 ? known?.success.schema : 'ProblemResponse';
  if (known && result.statusCode < 300 && known.success.status !== result.statusCode) throw new Error(`${operation} answered ${result.statusCode}`);
  if (schema) v.parse(schemas[schema], body);
  else if (body !== undefined) throw new Error(`${operation} answered with a body`);
  for (const name of ['strict-transport-security', 'x-content-type-options', 'cache-control', 'content-security-policy', 'referrer-policy', 'x-correlation-id']) {
    if (!headers[name]) throw new Error(`${operation} answered without ${name}`);
  }
  return { status: result.statusCode, headers, cookies: 'headers' in result ? result.cookies : result.multiValueHeaders['set-cookie'] ?? [], body };
}

/** A browser of the web app: sends what browsers send, and keeps cookies. */
export class Browser {
  readonly jar: Record<string, string> = {};

  constructor(private readonly service: Service) {}

  async send(request: Request): Promise<Answer> {
    const answer = await this.service.send({
      ...request,
      headers: { 'origin': ORIGIN, 'x-csrf-protection': '1', 'sec-fetch-site': 'same-site', ...request.headers },
      cookies: { ...this.jar, ...request.cookies },
    });
    for (const cookie of answer.cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (/Max-Age=0/.test(cookie)) delete this.jar[name!];
      else this.jar[name!] = value!;
    }
    return answer;
  }
}

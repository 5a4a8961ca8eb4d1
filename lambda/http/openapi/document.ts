import { toJsonSchema } from '@valibot/to-json-schema';
import { ErrorCode, ErrorCodes } from '../../../src/contract/error-codes';
import { CSRF_HEADER, REFRESH_COOKIE, STAGE_NAME } from '../../../src/contract/limits';
import { Route, Routes } from '../../../src/contract/routes';
import { PROBLEM_MEDIA_TYPE } from '../problem';
import { statusOf } from '../status';
import { AnySchema, Operation, OPERATIONS, schemas } from './operations';

/** What the web ACL answers before any function. */
const OF_THE_FIREWALL: readonly number[] = [413, 429];

type Json = Record<string, unknown>;

const EVERYWHERE: readonly ErrorCode[] = ['rate_limited', 'internal_error', 'unavailable'];
const WITH_BODY: readonly ErrorCode[] = ['validation_failed', 'payload_too_large', 'unsupported_media_type'];

/** OpenAPI 3.1 of all routes, out of the contract and the schemas that the handlers enforce. Built by scripts/openapi.mjs only. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const route of Routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'cdk-auth-service',
      version: STAGE_NAME,
      description: 'Authentication for web and mobile applications. 401 means only that a credential is bad; a dependency that is down is 503 with Retry-After.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `https://{host}/${STAGE_NAME}`, variables: { host: { default: 'auth.example.com' } } }],
    tags: ['Account', 'Session', 'Profile', 'Discovery'].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        refreshCookie: { type: 'apiKey', in: 'cookie', name: REFRESH_COOKIE, description: `Where the service uses cookies. Needs an allowed Origin and the header ${CSRF_HEADER}.` },
      },
      responses: sharedProblems(),
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => !isQuery(name)).map(([name, schema]) => [name, jsonSchema(schema)])),
    },
  };
}

/** Queries are described by their parameters. */
function isQuery(name: string): boolean {
  return Object.values(OPERATIONS).some(({ query }) => query === name);
}

function operationOf(route: Route): Operation {
  const known = OPERATIONS[`${route.method} ${route.path}`];
  if (!known) throw new Error(`${route.method} ${route.path} has no description`);
  return known;
}

function operation(route: Route): Json {
  const known = operationOf(route);
  return {
    operationId: known.id,
    tags: [known.tag],
    summary: known.summary,
    ...(known.description ? { description: known.description } : {}),
    security: security(route, known),
    ...parameters(route, known),
    ...(known.request ? { requestBody: requestBody(known.request) } : {}),
    responses: { [known.success.status]: success(known.success), ...problems(route, known) },
  };
}

function security(route: Route, known: Operation): readonly Json[] {
  if (route.access === 'bearer') return [{ accessToken: [] }];
  // The empty requirement: the token in the body stands for itself.
  return known.refreshCookie ? [{}, { refreshCookie: [] }] : [];
}

function parameters(route: Route, { query }: Operation): Json {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const csrf = route.method === 'GET' ? [] : [{
    name: CSRF_HEADER,
    in: 'header',
    required: false,
    description: 'Any value. Needed from browsers where tokens travel in cookies.',
    schema: { type: 'string' },
  }];
  const ofQuery = query ? Object.entries(jsonSchema(schemas[query]).properties as Json) : [];
  const all = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...ofQuery.map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
    ...csrf,
  ];
  return all.length === 0 ? {} : { parameters: all };
}

function requestBody(request: NonNullable<Operation['request']>): Json {
  const content = { schema: reference(request.schema) };
  // Without a required member, no body is as good as an empty object.
  const required = (jsonSchema(schemas[request.schema]).required as readonly string[] | undefined ?? []).length > 0;
  return { required, content: { 'application/json': content, ...(request.form ? { 'application/x-www-form-urlencoded': content } : {}) } };
}

function success({ description, schema, setsCookies }: Operation['success']): Json {
  return {
    description,
    ...(setsCookies ? { headers: { 'Set-Cookie': { description: 'Where tokens travel in cookies.', schema: { type: 'string' } } } } : {}),
    ...(schema ? { content: { 'application/json': { schema: reference(schema) } } } : {}),
  };
}

/** The codes a route may answer with, by status. Routes that share them share the answer. */
function problemCodes(route: Route, known: Operation): Map<number, readonly ErrorCode[]> {
  const codes = new Set<ErrorCode>([
    ...known.problems,
    ...(known.request ? WITH_BODY : []),
    ...(route.method === 'GET' ? [] : ['origin_refused'] as const),
    ...(route.access === 'bearer' ? ['invalid_token'] as const : []),
    ...EVERYWHERE,
  ]);
  const statuses = [...new Set([...codes].map((code) => statusOf(code, route.access)))].sort();
  return new Map(statuses.map((status) => [status, [...codes].filter((code) => statusOf(code, route.access) === status).sort()]));
}

function problems(route: Route, known: Operation): Json {
  const entries = [...problemCodes(route, known)].map(([status, codes]) => [status, { $ref: `#/components/responses/${nameOf(codes)}` }]);
  return Object.fromEntries(entries) as Json;
}

function sharedProblems(): Json {
  const shared: Json = {};
  for (const route of Routes) {
    for (const [status, codes] of problemCodes(route, operationOf(route))) shared[nameOf(codes)] ??= problem(status, codes);
  }
  return shared;
}

function problem(status: number, codes: readonly ErrorCode[]): Json {
  return {
    description: codes.map((code) => ErrorCodes[code].title).join('. ').concat('.'),
    ...(status === 429 || status === 503 ? { headers: { 'Retry-After': { description: status === 429 ? 'Seconds; absent where waiting does not help.' : 'Seconds.', schema: { type: 'integer' } } } } : {}),
    content: {
      [PROBLEM_MEDIA_TYPE]: { schema: { allOf: [reference('ProblemResponse'), { properties: { code: { enum: codes } } }] } },
      ...(OF_THE_FIREWALL.includes(status) ? { 'application/json': { schema: reference('FirewallProblemResponse') } } : {}),
    },
  };
}

function nameOf(codes: readonly ErrorCode[]): string {
  return codes.join('-');
}

function reference(name: keyof typeof schemas): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function jsonSchema(schema: AnySchema): Json {
  const { $schema: _, ...rest } = toJsonSchema(schema, { target: 'draft-2020-12', typeMode: 'output', ignoreActions: ['check'] }) as Json;
  return rest;
}

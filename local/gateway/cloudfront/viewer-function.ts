import vm from 'node:vm';
import { isRecord } from '../../template/types';
import { GatewayAnswer, GatewayRequest, grouped, HeaderList } from '../message';

/** CloudFront stops a function long before; here a slow machine must not fail a good one. */
const TIMEOUT_MS = 1000;

/** Not shown to functions, and not theirs to set. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html */
const HIDDEN = /^(connection|expect|keep-alive|proxy-.*|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache.*|x-edge-.*|x-forwarded-proto|x-real-ip)$/;
const READ_ONLY: readonly string[] = ['content-length', 'host', 'transfer-encoding', 'via'];

interface Value {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

type Values = Readonly<Record<string, Value>>;

/** What a function made of a request. */
export type ViewerOutcome =
  | { readonly kind: 'request'; readonly request: GatewayRequest }
  | { readonly kind: 'answer'; readonly answer: GatewayAnswer }
  /** It threw, or is no function at all. */
  | { readonly kind: 'failed'; readonly why: string }
  /** It answered with something that CloudFront does not take. */
  | { readonly kind: 'invalid'; readonly why: string };

export interface ViewerContext {
  readonly distributionDomainName: string;
  readonly distributionId: string;
}

/** A CloudFront Function of runtime cloudfront-js-2.0, in a JavaScript realm of its own without Node's modules. */
export class ViewerFunction {
  private readonly realm = vm.createContext({ console: { log: () => undefined } }, { codeGeneration: { strings: false, wasm: false } });
  private readonly defect: string | undefined;

  constructor(readonly name: string, code: string) {
    try {
      new vm.Script(code, { filename: `${name}.js` }).runInContext(this.realm, { timeout: TIMEOUT_MS });
    } catch (error) {
      this.defect = (error as Error).message;
    }
  }

  async onRequest(request: GatewayRequest, context: ViewerContext): Promise<ViewerOutcome> {
    if (this.defect !== undefined) return { kind: 'failed', why: this.defect };
    const before = describe(request);
    const event = {
      version: '1.0',
      context: { ...context, eventType: 'viewer-request', requestId: request.extendedRequestId },
      viewer: { ip: request.sourceIp },
      request: before,
    };
    let result: unknown;
    try {
      // Through JSON both ways: the function works on objects of its own realm.
      const called = vm.runInContext(`handler(${JSON.stringify(event)})`, this.realm, { timeout: TIMEOUT_MS }) as unknown;
      result = JSON.parse(JSON.stringify(await called) ?? 'null');
    } catch (error) {
      return { kind: 'failed', why: (error as Error).message };
    }
    if (!isRecord(result)) return { kind: 'invalid', why: 'it returned no object' };
    return result.statusCode === undefined ? changed(request, before, result) : answered(result);
  }
}

interface Described {
  readonly method: string;
  readonly uri: string;
  readonly querystring: Values;
  readonly headers: Values;
  readonly cookies: Values;
}

function describe(request: GatewayRequest): Described {
  const shown = request.headers.filter(([name]) => !HIDDEN.test(name.toLowerCase()) && name.toLowerCase() !== 'cookie');
  return {
    method: request.method,
    uri: request.path,
    querystring: valuesOf(pairs(request.queryString, '&')),
    headers: valuesOf(shown.map(([name, value]) => [name.toLowerCase(), value])),
    cookies: valuesOf(cookiePairs(request)),
  };
}

/** As they are sent: CloudFront decodes neither cookies nor query strings. */
function pairs(text: string, separator: string | RegExp): [string, string][] {
  return text.split(separator).filter((part) => part !== '').map((part) => {
    const equals = part.indexOf('=');
    return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  });
}

function cookiePairs({ headers }: GatewayRequest): [string, string][] {
  return headers.filter(([name]) => name.toLowerCase() === 'cookie').flatMap(([, value]) => pairs(value, /;\s*/));
}

function valuesOf(list: readonly [string, string][]): Values {
  return Object.fromEntries(Object.entries(grouped(list)).map(([name, values]) => [
    name, { value: values[0]!, ...(values.length > 1 ? { multiValue: values.map((value) => ({ value })) } : {}) },
  ]));
}

/** Undefined when it is no map of values. */
function read(values: unknown): Values | undefined {
  if (values === undefined) return {};
  if (!isRecord(values)) return undefined;
  const sound = Object.values(values).every((entry) => isRecord(entry) && typeof entry.value === 'string'
    && (entry.multiValue === undefined || (Array.isArray(entry.multiValue) && entry.multiValue.every((one) => isRecord(one) && typeof one.value === 'string'))));
  return sound ? values as unknown as Values : undefined;
}

const listed = (values: Values): [string, string][] =>
  Object.entries(values).flatMap(([name, { value, multiValue }]) => (multiValue ?? [{ value }]).map((one): [string, string] => [name, one.value]));

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

function changed(request: GatewayRequest, before: Described, result: Record<string, unknown>): ViewerOutcome {
  const headers = read(result.headers);
  const cookies = read(result.cookies);
  const querystring = read(result.querystring);
  if (!headers || !cookies || !querystring) return { kind: 'invalid', why: 'headers, cookies and querystring must be maps of {value}' };
  const { uri, method } = result;
  if (typeof uri !== 'string' || !uri.startsWith('/')) return { kind: 'invalid', why: 'uri must begin with /' };
  if (method !== before.method) return { kind: 'invalid', why: 'the method cannot be changed' };
  const wrong = Object.keys(headers).find((name) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || HIDDEN.test(name) || name === 'cookie')
    ?? READ_ONLY.find((name) => !same(headers[name], before.headers[name]));
  if (wrong !== undefined) return { kind: 'invalid', why: `the header ${wrong} cannot be set` };
  const kept = request.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (lower === 'cookie') return same(cookies, before.cookies);
    return HIDDEN.test(lower) || same(headers[lower], before.headers[lower]);
  });
  const added = listed(headers).filter(([name]) => !same(headers[name], before.headers[name]));
  const jar = same(cookies, before.cookies) ? [] : listed(cookies).map(([name, value]) => `${name}=${value}`);
  return {
    kind: 'request',
    request: {
      ...request, path: uri,
      queryString: same(querystring, before.querystring) ? request.queryString : listed(querystring).map(([name, value]) => `${name}=${value}`).join('&'),
      headers: [...kept, ...added, ...(jar.length === 0 ? [] : [['Cookie', jar.join('; ')] as [string, string]])],
    },
  };
}

function answered(result: Record<string, unknown>): ViewerOutcome {
  const status = Number(result.statusCode);
  const headers = read(result.headers);
  const cookies = read(result.cookies);
  if (!Number.isInteger(status) || status < 200 || status > 599 || !headers || !cookies) return { kind: 'invalid', why: 'it is no response' };
  const list: HeaderList = listed(headers);
  for (const [name, { value }] of Object.entries(cookies)) {
    const { attributes } = (result.cookies as Record<string, Record<string, unknown>>)[name]!;
    list.push(['Set-Cookie', `${name}=${value}${typeof attributes === 'string' ? `; ${attributes}` : ''}`]);
  }
  const body = isRecord(result.body) ? result.body.data : result.body;
  const encoded = isRecord(result.body) && result.body.encoding === 'base64';
  const text = typeof body === 'string' ? body : '';
  return { kind: 'answer', answer: { status, headers: list, body: encoded ? Buffer.from(text, 'base64') : text } };
}

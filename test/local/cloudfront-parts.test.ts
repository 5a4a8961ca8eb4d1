import { forwardingOf, MANAGED_REQUEST_POLICIES, RequestPolicy } from '../../local/gateway/cloudfront/forwarding';
import { EDGE_ADDRESS, originRequest } from '../../local/gateway/cloudfront/origin-request';
import { withResponseHeaders } from '../../local/gateway/cloudfront/response-headers';
import { ViewerFunction, ViewerOutcome } from '../../local/gateway/cloudfront/viewer-function';
import { GatewayRequest, HeaderList } from '../../local/gateway/message';

const request = (more: Partial<GatewayRequest> = {}): GatewayRequest => ({
  method: 'GET', path: '/v1/x', queryString: 'a=1&b=%20&a=2', headers: [['Host', 'h'], ['X-One', '1'], ['Cookie', 'c=1; d=2']], body: Buffer.alloc(0),
  sourceIp: '192.0.2.1', requestId: 'r', extendedRequestId: 'e', traceId: 't', protocol: 'HTTP/2.0', time: 0, ...more,
});

const context = { distributionDomainName: 'd1.cloudfront.net', distributionId: 'E1' };
const run = (body: string, sent = request()): Promise<ViewerOutcome> =>
  new ViewerFunction('f', `async function handler(event) { var request = event.request; ${body} }`).onRequest(sent, context);

describe('a viewer function', () => {
  test('sees names in lower case, values undecoded, repeated ones as multiValue', async () => {
    const outcome = await run('return { statusCode: 200, body: JSON.stringify(event) };', request({ headers: [['X-A', '1'], ['x-a', '2'], ['X-Real-IP', '9'], ['Cookie', 'c=1']] }));
    expect(outcome).toMatchObject({ kind: 'answer', answer: { status: 200 } });
    expect(JSON.parse((outcome as { answer: { body: string } }).answer.body)).toEqual({
      version: '1.0', context: { ...context, eventType: 'viewer-request', requestId: 'e' }, viewer: { ip: '192.0.2.1' },
      request: {
        method: 'GET', uri: '/v1/x', cookies: { c: { value: '1' } },
        headers: { 'x-a': { value: '1', multiValue: [{ value: '1' }, { value: '2' }] } },
        querystring: { a: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] }, b: { value: '%20' } },
      },
    });
  });

  test('leaves what it does not touch as it was sent', async () => {
    expect(await run('return request;')).toEqual({ kind: 'request', request: request() });
  });

  test('adds, replaces and removes headers, cookies and queries', async () => {
    const outcome = await run(`
      delete request.headers['x-one']; request.headers['x-two'] = { value: '2' };
      delete request.cookies.c; request.cookies.e = { value: '3' };
      request.querystring = { q: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] } }; request.uri = '/other'; return request;`);
    expect(outcome).toMatchObject({ kind: 'request', request: { path: '/other', queryString: 'q=1&q=2', headers: [['Host', 'h'], ['x-two', '2'], ['Cookie', 'd=2; e=3']] } });
  });

  test('answers with cookies and a body in base64', async () => {
    const outcome = await run('return { statusCode: 401, cookies: { s: { value: "1", attributes: "Secure" } }, body: { encoding: "base64", data: "aGk=" } };');
    expect(outcome).toEqual({ kind: 'answer', answer: { status: 401, headers: [['Set-Cookie', 's=1; Secure']], body: Buffer.from('hi') } });
  });

  test.each([
    ['nothing', 'return;', 'it returned no object'],
    ['a header that it may not see', 'request.headers["x-real-ip"] = { value: "1" }; return request;', 'the header x-real-ip cannot be set'],
    ['another host', 'request.headers.host = { value: "1" }; return request;', 'the header host cannot be set'],
    ['a header that is text', 'request.headers["x-a"] = "1"; return request;', 'headers, cookies and querystring must be maps of {value}'],
    ['another method', 'request.method = "PUT"; return request;', 'the method cannot be changed'],
    ['a path without a slash', 'request.uri = "x"; return request;', 'uri must begin with /'],
    ['a status that is none', 'return { statusCode: 99 };', 'it is no response'],
  ])('that returns %s is invalid', async (_, body, why) => {
    expect(await run(body)).toEqual({ kind: 'invalid', why });
  });

  test.each([
    ['makes code out of text', 'return eval("request");'],
    ['asks for a module of Node', 'return require("fs");'],
    ['runs for ever', 'for (;;) {}'],
  ])('that %s fails', async (_, body) => {
    expect((await run(body)).kind).toBe('failed');
  });

  test('that does not compile fails at each request', async () => {
    expect((await new ViewerFunction('f', 'function handler( {').onRequest(request(), context)).kind).toBe('failed');
  });
});

describe('what goes on to the origin', () => {
  const origin = { id: 'o', domainName: 'api.example.com', path: '/base', customHeaders: [['X-One', 'ours']] as HeaderList, readTimeoutMs: 1 };
  const none: RequestPolicy = { headers: { kind: 'none', names: [] }, cookies: { kind: 'none', names: [] }, queries: { kind: 'none', names: [] } };
  const names = (policies: RequestPolicy[], more: Partial<GatewayRequest>) =>
    originRequest(request(more), origin, forwardingOf(policies, more.method ?? 'GET')).headers.map(([name]) => name.toLowerCase());
  const headers: HeaderList = [['Authorization', 'a'], ['Accept', 'b'], ['User-Agent', 'c'], ['Content-Type', 'd'], ['Cookie', 'c=1; d=2'], ['Connection', 'close']];
  const always = ['host', 'x-forwarded-for', 'via', 'x-amz-cf-id', 'x-one', 'user-agent', 'content-type'];

  test('without a policy: CloudFront\'s own headers, those of the body, and Authorization of what is never cached', () => {
    expect(names([], { headers }).sort()).toEqual([...always].sort());
    expect(names([none], { headers, method: 'POST' }).sort()).toEqual([...always, 'authorization'].sort());
  });

  test('everything of the viewer but the host, as AllViewerExceptHostHeader says', () => {
    const policy = MANAGED_REQUEST_POLICIES['b689b0a8-53d0-40ab-baf2-68738e2966ac']!;
    expect(names([policy], { headers }).sort()).toEqual([...always, 'authorization', 'accept', 'cookie'].sort());
    expect(originRequest(request(), origin, forwardingOf([policy], 'GET'))).toMatchObject({ path: '/base/v1/x', queryString: 'a=1&b=%20&a=2', sourceIp: EDGE_ADDRESS });
  });

  test('cookies and queries one by one', () => {
    const policy: RequestPolicy = { ...none, cookies: { kind: 'only', names: ['d'] }, queries: { kind: 'allExcept', names: ['a'] } };
    const sent = originRequest(request(), origin, forwardingOf([none, policy], 'GET'));
    expect(sent.headers).toContainEqual(['Cookie', 'd=2']);
    expect(sent.queryString).toBe('b=%20');
  });

  test('a header that the distribution sets is never the viewer\'s, in whatever case and number', () => {
    const sent = originRequest(request({ headers: [['x-one', 'mine'], ['X-ONE', 'mine too']] }), origin, forwardingOf([MANAGED_REQUEST_POLICIES['216adef6-5c7f-47e4-b989-5492eafa07d3']!], 'GET'));
    expect(sent.headers.filter(([name]) => name.toLowerCase() === 'x-one')).toEqual([['X-One', 'ours']]);
  });
});

test('a response headers policy removes, replaces, and adds where the origin sent nothing', () => {
  const headers = withResponseHeaders([['server', 's'], ['x-own', '1'], ['x-forced', '2']], {
    removed: ['Server'],
    added: [{ name: 'X-Own', value: 'a', override: false }, { name: 'X-Forced', value: 'b', override: true }, { name: 'X-New', value: 'c', override: false }],
  });
  expect(headers).toEqual([['x-own', '1'], ['X-Forced', 'b'], ['X-New', 'c']]);
});

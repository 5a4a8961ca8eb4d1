import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { call, startApp, stopApps } from './support/app';
import { ACCOUNT, distributionApp } from './support/distribution';
import { LocalInstance } from '../../local/instance';

let instance: LocalInstance;
let url: string;
let api: string;
let id: string;

beforeAll(async () => {
  instance = await startApp(distributionApp());
  url = instance.url('Distribution');
  api = instance.url('Api');
  id = instance.apis.find(({ kind }) => kind === 'CloudFront')!.id;
});
afterAll(stopApps);

async function secretValue(): Promise<string> {
  const client = new SecretsManagerClient({ endpoint: instance.servicesUrl, region: instance.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const { SecretList: [secret] = [] } = await client.send(new ListSecretsCommand({}));
  const { SecretString: json } = await client.send(new GetSecretValueCommand({ SecretId: secret!.ARN! }));
  return (JSON.parse(json!) as { active: string }).active;
}

describe('the way to the origin', () => {
  test('GIVEN a distribution before an HTTP API WHEN a viewer calls it THEN method, path, query, body and cookies arrive', async () => {
    const answer = await call(`${url}/orders/7?a=1&b=x%20y&a=2`, {
      method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json', 'authorization': 'Bearer t', 'cookie': 'one=1; two=2', 'x-two': ['1', '2'] },
    });
    expect(answer.status).toBe(200);
    expect(answer.json.event).toMatchObject({
      rawPath: '/v1/orders/7', rawQueryString: 'a=1&b=x%20y&a=2', cookies: ['one=1', 'two=2'], body: '{"a":1}',
      headers: { 'authorization': 'Bearer t', 'x-two': '1,2' }, requestContext: { stage: 'v1', http: { method: 'POST' } },
    });
    expect(answer.headers).toMatchObject({ 'x-cache': 'Miss from cloudfront', 'x-amz-cf-id': expect.any(String), 'apigw-requestid': expect.any(String) });
  });

  test('the origin sees its own host and CloudFront as its peer, and who the viewer is as CloudFront tells it', async () => {
    const headers = { 'x-viewer': '203.0.113.9', 'x-forwarded-for': '198.51.100.1', 'x-real-ip': '198.51.100.2', 'host': 'evil.localhost' };
    const { json: { event } } = await call(`${url}/x`, { headers, from: '127.0.0.8' });
    expect(event.requestContext.http.sourceIp).toBe('130.176.0.1');
    expect(event.requestContext.domainName).toMatch(/^[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$/);
    expect(event.headers).toMatchObject({ 'x-viewer': '127.0.0.8', 'x-forwarded-for': '198.51.100.1, 127.0.0.8, 130.176.0.1' });
    expect(event.headers).not.toHaveProperty('x-real-ip');
  });

  test('a custom header carries the secret, whatever the viewer put there', async () => {
    const { json: { event } } = await call(`${url}/x`, { headers: { 'X-Secret': ['mine', 'another'] } });
    expect(event.headers['x-secret']).toBe(await secretValue());
    expect(event.headers['x-secret']).toMatch(/^[A-Za-z0-9]{64}$/);
    expect((await call(`${api}/x`)).json.event.headers).not.toHaveProperty('x-secret');
  });

  test('one request is two in the list: as the viewer sent it, and as the API got it', async () => {
    const before = instance.requests().at(-1)?.sequence ?? 0;
    await call(`${url}/twice`, { from: '127.0.0.9' });
    expect(instance.requests(before)).toMatchObject([
      { path: '/v1/twice', sourceIp: '130.176.0.1', route: 'ANY /{proxy+}', via: expect.stringMatching(/^Distribution/) },
      { path: '/v1/twice', sourceIp: '127.0.0.9', route: 'ANY /{proxy+}' },
    ]);
    expect(instance.requests(before)[1]).not.toHaveProperty('via');
  });

  test('the response headers policy holds for what the API answers, not for what CloudFront refuses', async () => {
    const expected = { 'strict-transport-security': 'max-age=86400; includeSubDomains', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
    expect((await call(`${url}/x`)).headers).toMatchObject(expected);
    expect((await call(url.replace(/v1$/, 'v2'))).headers).toMatchObject(expected);
    expect((await call(`${url}/blocked`)).headers).not.toHaveProperty('cache-control');
  });

  test('what API Gateway refuses is passed on', async () => {
    const tooLarge = await call(`${url}/x`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1, 'x') });
    expect([tooLarge.status, tooLarge.json]).toEqual([413, { message: 'Request Entity Too Large' }]);
    const headers = await call(`${url}/x`, { headers: { 'x-long': 'x'.repeat(11_000) } });
    expect(headers.status).toBe(431);
    expect((await call(url.replace(/v1$/, 'v2'))).json).toEqual({ message: 'Not Found' });
  });
});

describe('the viewer function', () => {
  test('may answer itself', async () => {
    const answer = await call(`${url}/hello`);
    expect([answer.status, answer.headers.location]).toEqual([302, '/v1/there']);
  });

  test('that throws is 503, one that sets what it may not is 502', async () => {
    expect((await call(`${url}/throws`)).status).toBe(503);
    expect(instance.requests().at(-1)!.integrationError).toMatch(/^CloudFront Function \S+ failed: on purpose$/);
    expect((await call(`${url}/wrong`)).status).toBe(502);
    expect(instance.requests().at(-1)!.integrationError).toContain('the header host cannot be set');
  });
});

describe('what CloudFront refuses', () => {
  test('the web ACL of another Region stands before everything', async () => {
    const before = instance.requests().at(-1)!.sequence;
    const answer = await call(`${url}/blocked`);
    expect([answer.status, answer.headers['content-type']]).toEqual([403, 'text/html']);
    expect(answer.text).toContain('Request blocked.');
    expect(instance.requests(before)).toMatchObject([{ refusedBy: 'firewall rule blocked' }]);
  });

  test('a method that the behavior does not allow, and GET with a body', async () => {
    expect((await call(`${url}/read/1`, { method: 'POST' })).status).toBe(403);
    expect((await call(`${url}/read/1`)).status).toBe(200);
    expect((await call(`${url}/x`, { method: 'GET', body: 'x', headers: { 'content-length': 1 } })).status).toBe(403);
  });

  test('an address that is too long', async () => {
    expect((await call(`${url}/${'x'.repeat(8200)}`)).status).toBe(413);
  });

  test('an origin that is not there is 502, one that does not answer in time 504', async () => {
    const lost = await call(url.replace(/v1$/, 'elsewhere/x'));
    expect([lost.status, lost.headers['x-cache']]).toEqual([502, 'Error from cloudfront']);
    expect(instance.requests().at(-1)!.integrationError).toBe('the origin elsewhere.example.com is not in the app');
    expect((await call(`${url}/hangs`)).status).toBe(504);
  });

  test('an error of the origin stays in the cache for ten seconds, for GET only', async () => {
    const calls = () => instance.requests().filter(({ via, path }) => via !== undefined && path === '/v1/gone').length;
    await call(`${url}/gone`);
    expect((await call(`${url}/gone`, { headers: { authorization: 'somebody else' } })).text).toBe('gone');
    expect(calls()).toBe(1);
    await call(`${url}/gone`, { method: 'POST' });
    expect(calls()).toBe(2);
    instance.clock.advance(10_000);
    await call(`${url}/gone`);
    expect(calls()).toBe(3);
  });
});

describe('addresses in the template', () => {
  test('the domain of the distribution and its alias become its port, also where the text comes before the distribution', async () => {
    const { json } = await call(`${url}/x`);
    expect(json.alias).toBe(url);
    expect((await instance.invoke('Knowing', {})).payload).toEqual({ domain: url });
    expect(json.foreign).toBe('https://auth.example.com.evil.io https://auth.example.com:8443');
  });

  test('the instance lives in the Region of the functions', () => {
    expect(instance.region).toBe('eu-west-1');
    expect(instance.apis[0]).toMatchObject({ kind: 'CloudFront', name: 'auth.example.com', before: ['auth'], urls: [url] });
    expect(instance.notEvaluated.map(({ type, part }) => `${type} ${part ?? ''}`)).not.toContainEqual(expect.stringContaining('web ACL'));
  });
});

describe('the CloudFront API', () => {
  const config = () => `${instance.servicesUrl}/2020-05-31/distribution/${id}/config`;
  const withSecret = (xml: string, value: string) => xml.replace(/(<HeaderName>x-secret<\/HeaderName><HeaderValue>)[^<]*/, `$1${value}`);

  test('GIVEN the configuration WHEN it is sent back with another header value THEN the distribution sends that one', async () => {
    const { text, headers: { etag } } = await call(config());
    expect(text).toContain(`<HeaderName>x-secret</HeaderName><HeaderValue>${await secretValue()}</HeaderValue>`);
    expect(text).toContain('<Aliases><Quantity>1</Quantity><Items><CNAME>auth.example.com</CNAME></Items></Aliases>');
    const update = await call(config(), { method: 'PUT', headers: { 'if-match': etag! }, body: withSecret(text, 'a&#38;b') });
    expect(update.status).toBe(200);
    expect(update.text).toContain(`<Id>${id}</Id><ARN>arn:aws:cloudfront::${ACCOUNT}:distribution/${id}</ARN>`);
    expect((await call(`${url}/x`)).json.event.headers['x-secret']).toBe('a&b');
    // Nothing else has changed.
    expect((await call(`${url}/blocked`)).status).toBe(403);
    expect((await call(`${url}/hello`)).status).toBe(302);
    const after = await call(config());
    expect(after.headers.etag).toBe(update.headers.etag);
    expect(after.headers.etag).not.toBe(etag);
    expect(after.text).toBe(withSecret(text, 'a&#38;b'));
  });

  test('an update of an older state is refused, and one without a state', async () => {
    const { text } = await call(config());
    const stale = await call(config(), { method: 'PUT', headers: { 'if-match': 'E0OLD' }, body: withSecret(text, 'stale') });
    expect([stale.status, /<Code>(\w+)</.exec(stale.text)?.[1]]).toEqual([412, 'PreconditionFailed']);
    const blind = await call(config(), { method: 'PUT', body: withSecret(text, 'blind') });
    expect([blind.status, /<Code>(\w+)</.exec(blind.text)?.[1]]).toEqual([400, 'InvalidIfMatchVersion']);
    expect((await call(config())).text).toBe(text);
  });

  test.each([
    ['no XML', 'x'],
    ['another document', '<Other/>'],
    ['an open element', '<DistributionConfig><Origins></DistributionConfig>'],
    ['no origins', '<DistributionConfig><Comment>x</Comment></DistributionConfig>'],
  ])('an update with %s is refused', async (_, body) => {
    const { headers: { etag } } = await call(config());
    const answer = await call(config(), { method: 'PUT', headers: { 'if-match': etag! }, body });
    expect([answer.status, /<Code>(\w+)</.exec(answer.text)?.[1]]).toEqual([400, 'MalformedXML']);
  });

  test('an unknown distribution is 404', async () => {
    const answer = await call(config().replace(id, 'E0000000000000'));
    expect([answer.status, /<Code>(\w+)</.exec(answer.text)?.[1]]).toEqual([404, 'NoSuchDistribution']);
  });

  test('who may not read the web ACL of a distribution may not change the distribution', async () => {
    const answer = await call(`${url}/config?id=${id}&method=PUT`);
    expect([answer.status, /<Code>(\w+)</.exec(answer.text)?.[1]]).toEqual([403, 'AccessDenied']);
    expect(answer.text).toContain('wafv2:GetWebACL');
  });

  test('a function without the permission is refused, and calls are in the list', async () => {
    const before = instance.calls.list().at(-1)?.sequence ?? 0;
    const answer = await call(`${url}/config?id=${id}&method=GET`);
    expect([answer.status, /<Code>(\w+)</.exec(answer.text)?.[1]]).toEqual([403, 'AccessDenied']);
    expect(answer.text).toContain('cloudfront:GetDistributionConfig');
    expect(instance.calls.list({ after: before })).toMatchObject([
      { service: 'cloudfront', operation: 'GetDistributionConfig', resource: id, error: 'AccessDeniedException', caller: expect.stringMatching(/^Echo/) },
    ]);
  });
});

import http from 'node:http';
import net, { AddressInfo } from 'node:net';
import { LocalInstance } from '../../local/instance';
import { programsOnly } from '../../local/loopback/admission';
import { LoopbackServer } from '../../local/loopback/server';
import { call, inlineFunction, lambdaUri, permission, startApp, stopApps } from './support/app';

let instance: LocalInstance;
let runtimeApi: string;

beforeAll(async () => {
  instance = await startApp({
    App: {
      Resources: {
        // Tells where the runtime API is, and counts what reaches it.
        Hello: inlineFunction('let n = 0; exports.handler = async () => ({ statusCode: 200, body: JSON.stringify({ api: process.env.AWS_LAMBDA_RUNTIME_API, calls: ++n }) });'),
        HelloPermission: permission('Hello'),
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: { TableName: 'items', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST' },
        },
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'hello' } },
        Get: { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'Api' }, ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, HttpMethod: 'GET', AuthorizationType: 'NONE', Integration: { Type: 'AWS_PROXY', Uri: lambdaUri('Hello') } } },
        Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'v1' } },
      },
      Outputs: { ApiId: { Value: { Ref: 'Api' } } },
    },
  });
  const { payload } = await instance.invoke<{ body: string }>('Hello', {});
  runtimeApi = `http://${(JSON.parse(payload.body) as { api: string }).api}`;
});
afterAll(stopApps);

const services = (path: string) => `${instance.servicesUrl}${path}`;
const signed = {
  'X-Amz-Target': 'DynamoDB_20120810.ListTables', 'Content-Type': 'application/x-amz-json-1.0',
  'Authorization': 'AWS4-HMAC-SHA256 Credential=TEST/20261122/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

/** Everything on this machine that only programs call, by one request that it serves. */
const PROGRAMS: [string, () => readonly [method: string, url: string, headers?: Record<string, string>]][] = [
  ['Lambda invoke', () => ['POST', services('/2015-03-31/functions/Hello/invocations')]],
  ['Lambda read', () => ['GET', services('/2015-03-31/functions')]],
  ['control: read', () => ['GET', services('/_local/mails')]],
  ['control: change', () => ['POST', services('/_local/functions')]],
  ['AWS JSON', () => ['POST', services('/'), signed]],
  ['AWS query', () => ['POST', services('/?Action=GetCallerIdentity&Version=2011-06-15')]],
  ['AWS REST', () => ['GET', services('/2020-05-31/distribution')]],
  ['nothing that is there', () => ['GET', services('/nothing')]],
  ['runtime API', () => ['POST', `${runtimeApi}/2018-06-01/runtime/init/error`]],
  ['answers of custom resources', () => ['PUT', `${new URL(runtimeApi).origin}/custom-resource-response/x`]],
];

const PAGES: [string, Record<string, string>][] = [
  ['another site', { Origin: 'https://evil.example' }],
  ['a page in a sandbox', { Origin: 'null' }],
  ['a page of the developer', { Origin: 'http://localhost:5173' }],
  ['an image or a script of a page, which has no Origin', { 'Sec-Fetch-Site': 'cross-site' }],
  ['the same of a page on localhost', { 'Sec-Fetch-Site': 'same-site' }],
  ['a page that this port itself served', { 'Sec-Fetch-Site': 'same-origin' }],
  ['a name that was pointed here', { Host: 'rebound.example' }],
  ['the same with a port', { Host: 'rebound.example:3000' }],
  ['a name that begins like ours', { Host: 'localhost.evil.example' }],
  ['a name that ends like ours', { Host: 'evil-localhost' }],
  ['an address as a label', { Host: '127.0.0.1.evil.example:80' }],
  ['the address of all', { Host: '0.0.0.0:3000' }],
  ['an address of the network', { Host: '192.168.1.7' }],
  ['a port that is none', { Host: 'localhost:80:evil.example' }],
  ['credentials before the name', { Host: 'localhost@evil.example' }],
];

describe.each(PROGRAMS)('%s', (_name, request) => {
  test.each(PAGES)('refuses %s before it looks at anything else', async (_page, headers) => {
    const [method, url, own = {}] = request();
    const before = [instance.calls.list().length, instance.logs().length];
    const answer = await call(url, { method, headers: { ...own, ...headers }, ...(method === 'GET' ? {} : { body: '{}' }) });
    expect([answer.status, answer.json]).toEqual([403, { __type: 'ForbiddenException', message: expect.stringContaining('the local instance') }]);
    expect([instance.calls.list().length, instance.logs().length]).toEqual(before);
  });

  test('serves programs, and a person who types the address', async () => {
    const [method, url, own = {}] = request();
    const { port } = new URL(url);
    for (const headers of [{}, { 'Sec-Fetch-Site': 'none' }, { Host: `LOCALHOST:${port}` }, { Host: '127.0.0.1' }, { Host: `[::1]:${port}` }]) {
      const answer = await call(url, { method, headers: { ...own, ...headers }, ...(method === 'GET' ? {} : { body: '{}' }) });
      expect(answer.json?.__type).not.toBe('ForbiddenException');
    }
  });
});

test('a second Host header is looked at too', async () => {
  const { hostname, port } = new URL(instance.servicesUrl);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () => socket.end('GET /_local/clock HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => { text += chunk.toString(); }).on('error', reject).on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
});

describe('gateways', () => {
  test('answer browsers of any origin, under the names of this machine and of the app', async () => {
    const url = instance.url('Api');
    const { port } = new URL(url);
    const own = `${String(instance.outputs.App!.ApiId)}.execute-api.us-east-1.amazonaws.com`;
    const hosts = [`[::1]:${port}`, 'app.localhost:1', '192.168.1.7:8080', own, own.toUpperCase()].map((Host) => ({ Host }));
    for (const headers of [{ 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }, ...hosts]) {
      expect([headers, (await call(`${url}/`, { headers })).status]).toEqual([headers, 200]);
    }
  });

  test.each([
    'rebound.example', 'rebound.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example', 'abcdefghij.execute-api.us-east-1.amazonaws.com', 'localhost:80:80',
  ])(
    'know no API called %s, as API Gateway does not', async (host) => {
      const { status, headers, json } = await call(`${instance.url('Api')}/`, { headers: { Host: host } });
      expect([status, headers['x-amzn-errortype'], json.message]).toEqual([403, 'ForbiddenException', `no API of the app is called "${host}"`]);
    });
});

describe('both families of the loopback interface', () => {
  const server = (addresses?: string[]) => new LoopbackServer(
    (request, response) => response.end(request.socket.localAddress), { admission: programsOnly, ...(addresses ? { addresses } : {}) });
  const get = (host: string, port: number) => new Promise<string>((resolve, reject) => {
    http.get({ host, port, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => resolve(text));
    }).on('error', reject);
  });

  test('every port of the instance answers on 127.0.0.1 and on ::1', async () => {
    for (const url of [`${instance.url('Api')}/`, `${instance.servicesUrl}/_local/clock`]) {
      const { port, pathname } = new URL(url);
      for (const address of ['127.0.0.1', '[::1]', 'localhost']) expect([address, (await call(`http://${address}:${port}${pathname}`)).status]).toEqual([address, 200]);
    }
    expect(new Set(instance.requests().map(({ sourceIp }) => sourceIp))).toEqual(new Set(['127.0.0.1']));
  });

  test('nothing listens beyond them', async () => {
    const one = server();
    await one.listen(0);
    expect([await get('127.0.0.1', one.port), await get('::1', one.port)]).toEqual(['127.0.0.1', '::1']);
    await one.stop();
    await expect(get('::1', 9)).rejects.toThrow('ECONNREFUSED');
  });

  test('GIVEN a machine without the second family THEN the first is enough', async () => {
    const one = server(['127.0.0.1', '2001:db8::1']);
    await one.listen(0);
    expect(await get('127.0.0.1', one.port)).toBe('127.0.0.1');
    await one.stop();
  });

  test('GIVEN a program that has the port in one family alone THEN it is in use', async () => {
    const other = http.createServer();
    await new Promise<void>((resolve) => other.listen(0, '::1', resolve));
    const { port } = other.address() as AddressInfo;
    const one = server();
    await expect(one.listen(port)).rejects.toThrow(`port ${port} is in use: choose another with --port`);
    expect(one.listening).toBe(false);
    other.close();
  });
});

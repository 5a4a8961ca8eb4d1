import { createServer, IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { sign } from 'aws4';
import { DynamoRevocationStore } from '../../../../lambda/adapters/dynamodb';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { SignedHttpRevocationReader, SignedTransport, TransportOptions } from '../../../../lambda/adapters/signed-http';
import { FaultSpec } from '../../../../local/services/types';
import { authorize } from '../../../../lambda/use-cases/authorize';
import { describePublishedKeys, describeRevocationStore, Stores } from '../../../contract/suites';
import { START } from '../../../contract/suites/stores';
import { signedIn } from '../../support/actions';
import { dynamoStores } from '../dynamodb/support/stores';
import { startTables, StartedTables } from '../dynamodb/support/tables';
import { createDynamoWorld } from '../dynamodb/support/world';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: 'session-token' };
const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

function transportTo(endpoint: string, options: Partial<TransportOptions> = {}): SignedTransport {
  const transport = new SignedTransport({ service: 'dynamodb', region: 'us-east-1', endpoint, credentials: () => credentials, timeoutMs: 5000, ...options });
  closing.push(() => transport.close());
  return transport;
}

const atOnce = () => Promise.resolve();

/** What the writers write, this reader reads: the suite of the port over both. */
async function stores(): Promise<Stores> {
  const tables = await startTables({ clock: { now: () => START } });
  closing.push(() => tables.stop());
  const { revocations: writer, ...others } = dynamoStores(tables.connect(nodeCrypto), tables.names);
  const reader = new SignedHttpRevocationReader(transportTo(tables.endpoint), tables.names.revocations);
  return {
    ...others,
    revocations: {
      readRevocations: reader.readRevocations.bind(reader),
      readPublishedKeys: reader.readPublishedKeys.bind(reader),
      revokeSession: writer.revokeSession.bind(writer),
      pruneExpired: writer.pruneExpired.bind(writer),
    },
  };
}

describeRevocationStore('signed http', stores);
describePublishedKeys('signed http', stores);

describe('faults at the call of DynamoDB', () => {
  let tables: StartedTables;
  beforeAll(async () => {
    tables = await startTables({ clock: { now: () => START } });
    const writer = new DynamoRevocationStore(tables.connect(nodeCrypto), tables.names.revocations);
    await writer.revokeSession('uid', 'sid', START, START);
  });
  afterEach(() => tables.faults.remove());
  afterAll(() => tables.stop());

  const reader = (timeoutMs: number) => new SignedHttpRevocationReader(transportTo(tables.endpoint, { timeoutMs }), tables.names.revocations, atOnce);
  const timeoutOf = (effect: FaultSpec['effect']) => (effect === 'timeout' ? 60 : 5000);

  test.each<[FaultSpec['effect'], number]>([['throttle', 3], ['error', 3], ['timeout', 3], ['drop', 3], ['deny', 1]])('%s: 503 after %i tries, never "not revoked"', async (effect, tries) => {
    const fault = tables.faults.add({ operation: 'GetItem', effect });
    await expect(reader(timeoutOf(effect)).readRevocations('uid')).rejects.toMatchObject({ name: 'UnavailableError', status: 503, dependency: 'revocations' });
    expect(tables.faults.list().find(({ id }) => id === fault.id)!.applied).toBe(tries);
  });

  test.each<FaultSpec['effect']>(['throttle', 'error', 'timeout', 'drop'])('%s twice: the third try answers', async (effect) => {
    tables.faults.add({ operation: 'GetItem', effect, times: 2 });
    expect((await reader(effect === 'timeout' ? 400 : 5000).readRevocations('uid')).sids).toEqual(new Set(['sid']));
  });

  test('a port that nobody listens on', async () => {
    const closed = new SignedHttpRevocationReader(transportTo('http://127.0.0.1:1'), 'revocations', atOnce);
    await expect(closed.readRevocations('uid')).rejects.toMatchObject({ name: 'UnavailableError' });
  });
});

describe('answers that are none', () => {
  let server: Server;
  let endpoint: string;
  let answer: (response: ServerResponse) => void;
  let requests = 0;
  const seen: { headers: IncomingHttpHeaders; body: string; socketPort: number | undefined }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        requests += 1;
        seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8'), socketPort: request.socket.remotePort });
        answer(response);
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    closing.push(() => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }));
  });
  beforeEach(() => {
    requests = 0;
    seen.length = 0;
  });

  const reader = () => new SignedHttpRevocationReader(transportTo(endpoint), 'revocations', atOnce);

  test.each([
    ['no JSON', 200, '<html>captive portal</html>'],
    ['nothing', 200, ''],
    ['a list', 200, '[]'],
    ['null', 200, 'null'],
    ['an item that is none', 200, '{"Item":"x"}'],
    ['an item without format', 200, '{"Item":{"minSv":{"N":"3"}}}'],
    ['an item of a later format', 200, '{"Item":{"v":{"N":"2"}}}'],
    ['a minimum of another type', 200, '{"Item":{"v":{"N":"1"},"minSv":{"S":"3"}}}'],
    ['a redirection', 302, ''],
    ['a missing table', 400, '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}'],
    ['an expired token', 400, '{"__type":"com.amazon.coral.service#ExpiredTokenException"}'],
    ['an error without a type', 418, 'teapot'],
  ])('%s is 503', async (_, status, body) => {
    answer = (response) => void response.writeHead(status).end(body);
    await expect(reader().readRevocations('uid')).rejects.toMatchObject({ name: 'UnavailableError', status: 503 });
    expect(requests).toBeLessThanOrEqual(3);
  });

  test('an answer that is cut off is tried again', async () => {
    answer = (response) => {
      if (requests === 1) {
        response.writeHead(200, { 'content-length': '500' }).write('{"Item":');
        setImmediate(() => response.destroy());
      } else {
        response.end('{}');
      }
    };
    expect(await reader().readRevocations('uid')).toEqual({ minSv: 0, sids: new Set() });
    expect(requests).toBe(2);
  });

  test('an answer without end is given up', async () => {
    answer = (response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(256 * 1024, ' ');
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    };
    await expect(reader().readRevocations('uid')).rejects.toMatchObject({ name: 'UnavailableError' });
  });

  test('keeps the connection', async () => {
    answer = (response) => void response.end('{}');
    const one = reader();
    for (let i = 0; i < 5; i += 1) await one.readRevocations('uid');
    expect(new Set(seen.map(({ socketPort }) => socketPort)).size).toBe(1);
  });

  test('signs as another library does, session token included', async () => {
    answer = (response) => void response.end('{}');
    await reader().readRevocations('u-1');
    const { headers, body } = seen[0]!;
    expect(JSON.parse(body)).toEqual({ TableName: 'revocations', Key: { key: { S: 'U#u-1' } }, ConsistentRead: true });
    expect(headers).toMatchObject({ 'x-amz-target': 'DynamoDB_20120810.GetItem', 'content-type': 'application/x-amz-json-1.0', 'x-amz-security-token': 'session-token' });

    const authorization = headers.authorization!;
    const signedHeaders = /SignedHeaders=([^,]+)/.exec(authorization)![1]!.split(';');
    expect(signedHeaders).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token']));
    const signed = sign({
      service: 'dynamodb', region: 'us-east-1', method: 'POST', path: '/', host: headers.host, body,
      headers: Object.fromEntries(signedHeaders.map((name) => [name, headers[name] as string])),
      // It would add its own.
      extraHeadersToIgnore: { 'content-length': true },
    } as Parameters<typeof sign>[0], credentials);
    const signatureOf = (header: string): string => /Signature=([0-9a-f]+)/.exec(header)![1]!;
    expect(signatureOf(authorization)).toBe(signatureOf(signed.headers!.Authorization as string));
  });

  test('asks for credentials at each request', async () => {
    answer = (response) => void response.end('{}');
    let turn = 0;
    const transport = transportTo(endpoint, { credentials: () => ({ ...credentials, accessKeyId: `KEY${turn += 1}` }) });
    const one = new SignedHttpRevocationReader(transport, 'revocations');
    await one.readRevocations('uid');
    await one.readRevocations('uid');
    expect(seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization!)![1])).toEqual(['KEY1', 'KEY2']);
  });
});

test('the authorizer over it costs one read unit', async () => {
  const { world, tables, stop } = await createDynamoWorld();
  const tokens = await signedIn(world);
  const reader = new SignedHttpRevocationReader(transportTo(tables.endpoint), tables.names.revocations);
  tables.calls.clear();
  const verificationKeys = { find: async (kid: string) => (await world.revocations.readPublishedKeys())?.keys.find((key) => key.kid === kid) };
  await authorize({ ...world, revocations: reader, verificationKeys }, { token: tokens.accessToken, requiredScopes: [] });
  const [keys, revocations] = tables.calls.list();
  expect(keys).toMatchObject({ operation: 'GetItem', readUnits: 1 });
  expect(revocations).toMatchObject({ operation: 'GetItem', readUnits: 1 });
  expect(tables.calls.list()).toHaveLength(2);
  await stop();
});

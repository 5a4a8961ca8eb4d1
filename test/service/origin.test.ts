import { DescribeSecretCommand, GetSecretValueCommand, ListSecretsCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../src/contract/limits';
import type { Answer, CallOptions } from './support/client';
import { call } from './support/client';
import { FRONT, testOnlyBehind } from './support/front';
import { secretsOf } from './support/keys';
import { sendRaw } from './support/raw';
import { settled, until } from './support/rotations';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

const testBehindCloudFront = testOnlyBehind('http', 'CloudFront stands before it');
const DAY = 86_400;

let service: Service;
/** Where the HTTP API itself listens. */
let api: string;

/** @param concurrency processes of each function; with one of each, what is counted below is exact */
async function start(concurrency: number): Promise<void> {
  if (FRONT === 'rest') return;
  service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 5 } }, { instance: { concurrency } });
  api = service.instance.url('AuthHttpApi');
}

beforeAll(() => start(1));

async function originArn(): Promise<string> {
  const { SecretList: all = [] } = await secretsOf(service).send(new ListSecretsCommand({}));
  return all.find(({ Name: name }) => name!.includes('OriginSecret'))!.ARN!;
}

async function originSecret(): Promise<Record<'active' | 'next' | 'retired', string>> {
  const { SecretString: json } = await secretsOf(service).send(new GetSecretValueCommand({ SecretId: await originArn() }));
  return JSON.parse(json!);
}

/** Through all four steps of Secrets Manager. What is counted below are these rotations: that of the schedule is put off for a year. */
async function rotateOrigin(): Promise<void> {
  const arn = await originArn();
  const rotated = async () => (await secretsOf(service).send(new DescribeSecretCommand({ SecretId: arn }))).LastRotatedDate?.getTime();
  await settled(secretsOf(service), arn);
  const before = await rotated();
  await secretsOf(service).send(new RotateSecretCommand({ SecretId: arn, RotationRules: { AutomaticallyAfterDays: 365 } }));
  await until(async () => await rotated() !== before);
}

/** What the distribution adds to each request now. */
async function sentByCloudFront(): Promise<string> {
  const { id } = service.instance.apis.find(({ kind }) => kind === 'CloudFront')!;
  const { text } = await call('GET', `${service.instance.servicesUrl}/2020-05-31/distribution/${id}/config`);
  return new RegExp(`<HeaderName>${ORIGIN_SECRET_HEADER}</HeaderName><HeaderValue>([^<]+)`, 'i').exec(text)![1]!;
}

/** Every kind of function once, straight at the API. */
const straight = (headers: CallOptions['headers']): Promise<Answer[]> => Promise.all([
  call('POST', `${api}/register`, { headers, body: { email: service.newEmail(), password: PASSWORD } }),
  call('POST', `${api}/login`, { headers, body: { email: 'somebody@example.com', password: PASSWORD } }),
  call('POST', `${api}/token/refresh`, { headers, body: { refresh_token: 'rt1.forged' } }),
  call('POST', `${api}/logout`, { headers, body: { refresh_token: 'rt1.forged' } }),
  call('POST', `${api}/me/password`, { headers, bearer: 'a.b.c', body: { current_password: PASSWORD, new_password: PASSWORD } }),
  call('GET', `${api}/me`, { headers, bearer: 'a.b.c' }),
  call('GET', `${api}/.well-known/jwks.json`, { headers }),
  call('GET', `${api}/health`, { headers }),
]);

function expectOriginRequired(answers: readonly Answer[]): void {
  for (const { status, headers, body, text, setCookie } of answers) {
    expect([status, headers['content-type'], body?.code, setCookie]).toEqual([403, 'application/problem+json', 'origin_required', []]);
    expect(text).not.toContain('Bearer');
  }
}

describe('round CloudFront', () => {
  testBehindCloudFront('T27 a request without the secret is refused by every function, and nothing is called for it', async () => {
    // GIVEN warm functions, which know the secret
    const { access_token: bearer } = await service.newUser();
    for (const path of ['/me', '/health', '/.well-known/jwks.json']) expect((await service.call('GET', path, { bearer })).status).toBe(200);
    await straight({});
    const after = service.instance.calls.list().at(-1)!.sequence;
    // WHEN nothing, or what cannot be the secret, is sent
    const { active } = await originSecret();
    const reads = service.instance.calls.list({ after }).length;
    for (const value of [undefined, '', ' ', 'x', active.slice(1), `${active}x`, `${active},${active}`, active.toUpperCase().slice(0, 63), `${active.slice(0, -1)} `]) {
      expectOriginRequired(await straight(value === undefined ? {} : { [ORIGIN_SECRET_HEADER]: value }));
    }
    // THEN neither table nor secret was asked, and the log tells it without the value
    expect(service.instance.calls.list({ after })).toHaveLength(reads);
    const refusals = service.audit('origin_refused');
    expect(refusals.length).toBeGreaterThanOrEqual(9 * 8);
    expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['secret_missing', 'secret_malformed']));
    expect(service.instance.logs().map(({ text }) => text).join('\n')).not.toContain(active.slice(0, 32));
  });

  testBehindCloudFront('T27 a value that CloudFront never sent opens nothing, and no use case sees the request', async () => {
    const after = service.instance.calls.list().at(-1)!.sequence;
    const { active } = await originSecret();
    const wrong = `${active.slice(0, -1)}${active.endsWith('A') ? 'B' : 'A'}`;
    expectOriginRequired(await straight({ [ORIGIN_SECRET_HEADER]: wrong }));
    expect(service.instance.calls.list({ after, service: 'dynamodb' })).toEqual([]);
    expect(service.audit('origin_refused').at(-1)).toMatchObject({ reason: 'secret_unknown' });
  });

  testBehindCloudFront('T27 the right value twice is wrong', async () => {
    const { active } = await originSecret();
    const { host, pathname } = new URL(api);
    const line = `${ORIGIN_SECRET_HEADER}: ${active}\r\n`;
    const get = (lines: string) => sendRaw(api, `GET ${pathname}/health HTTP/1.1\r\nHost: ${host}\r\n${VIEWER_ADDRESS_HEADER}: 192.0.2.1\r\n${lines}Connection: close\r\n\r\n`);
    expect((await get(line)).status).toBe(200);
    for (const lines of [`${line}${line}`, `${ORIGIN_SECRET_HEADER}: x\r\n${line}`, `${line}${ORIGIN_SECRET_HEADER}:\r\n`]) expect((await get(lines)).status).toBe(403);
  });

  testBehindCloudFront('T27 what a client sends under the name of the secret does not reach the functions', async () => {
    for (const value of ['', 'wrong', 'A'.repeat(64), ['a', 'b']]) {
      expect((await service.call('GET', '/health', { headers: { [ORIGIN_SECRET_HEADER]: value } })).status).toBe(200);
    }
  });
});

describe('the address of the viewer', () => {
  testBehindCloudFront('T27 AA-07 it is the one that CloudFront sees, whatever a client writes into any header', async () => {
    const source = service.newSource();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => service.post('/register', { email: `viewer.${index}@example.com`, password: PASSWORD }, {
      from: source,
      headers: {
        [VIEWER_ADDRESS_HEADER]: [`198.51.100.${index}`, `198.51.100.1${index}`], 'x-forwarded-for': `198.51.100.${index}`, 'x-real-ip': `198.51.100.${index}`,
        'cloudfront-viewer-address': `198.51.100.${index}:443`, 'forwarded': `for=198.51.100.${index}`,
      },
    })));
    // One address may register five accounts an hour.
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 5 }, () => 201), ...Array.from({ length: 15 }, () => 429)]);
    const addresses = service.audit().filter(({ event }) => String(event).startsWith('registration_')).map(({ source_ip: address }) => address);
    expect(new Set(addresses.slice(-20))).toEqual(new Set([source]));
  });

  testBehindCloudFront('T27 without the secret nobody names an address', async () => {
    const answer = await call('GET', `${api}/health`, { headers: { [VIEWER_ADDRESS_HEADER]: '198.51.100.77' } });
    expect(answer.status).toBe(403);
    expect(service.audit('origin_refused').at(-1)!.source_ip).not.toBe('198.51.100.77');
  });
});

describe('rotation of the origin secret', () => {
  beforeAll(() => start(3));

  testBehindCloudFront('T29 KR-04 six rotations under load: nobody who comes through CloudFront is refused; a value that leaked is worth nothing after three', async () => {
    const { active: first } = await originSecret();
    expect(await sentByCloudFront()).toBe(first);
    const sent = [first];
    const refused: string[] = [];
    let served = 0;
    const clients = [['/health', 200], ['/.well-known/jwks.json', 200], ['/me', 401], ['/me/sessions', 401]] as const;
    const rounds = async (count: number) => {
      for (let round = 0; round < count; round += 1) {
        await Promise.all([...clients, ...clients].map(async ([path, expected]) => {
          const { status, text } = await service.call('GET', path);
          served += 1;
          if (status !== expected) refused.push(`${path} ${status} ${text}`);
        }));
      }
    };
    /** What a request with this value meets that goes round CloudFront. */
    const straightTo = async (value: string) =>
      (await call('GET', `${api}/health`, { headers: { [ORIGIN_SECRET_HEADER]: value, [VIEWER_ADDRESS_HEADER]: '192.0.2.1' } })).status;
    for (let rotation = 0; rotation < 6; rotation += 1) {
      let rotating = true;
      const rotated = rotateOrigin().finally(() => {
        rotating = false;
      });
      while (rotating) await rounds(1);
      await rotated;
      sent.push(await sentByCloudFront());
      // Warm functions, which know the set of before, then cold ones, then all of them a day later.
      await rounds(2);
      service.instance.recycle();
      await rounds(2);
      service.advance(DAY);
      await rounds(2);
      expect([rotation, await straightTo(first)]).toEqual([rotation, rotation < 2 ? 200 : 403]);
    }
    expect(served).toBeGreaterThanOrEqual(6 * 7 * 8);
    expect(refused).toEqual([]);
    // The first rotation only prepares the next value; then each brings another one.
    expect(new Set(sent).size).toBe(6);
    expect(sent[1]).toBe(first);
    const { active, next, retired } = await originSecret();
    expect([active, retired]).toEqual([sent[6], sent[5]]);
    // THEN three values are let in, and those of before are not
    for (const value of [active, next, retired]) expect(await straightTo(value)).toBe(200);
    for (const value of sent.slice(0, 5)) expect(await straightTo(value)).toBe(403);
    expect(service.audit('keys_rotated').filter(({ reason }) => reason === 'origin_secret')).toHaveLength(6);
  });
});

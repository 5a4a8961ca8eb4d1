import { createHash } from 'node:crypto';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ProfileAttribute } from '../../src';
import { Routes } from '../../src/contract/routes';
import type { CallOptions } from './support/client';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';
import { TABLES, Tables } from './support/tables';

afterAll(stopServices);

let service: Service;
let tables: Tables;

beforeEach(async () => {
  service = await startService({
    ...UNTHROTTLED,
    profile: [ProfileAttribute.string('nickname', { maxLength: 256 })],
    abuse: { registrationsPerHour: 10_000, attemptsPerHour: 100, softLockAfter: 20, failedLoginsPerSource: 10_000 },
  });
  tables = new Tables(service);
});

/** A value, and what it becomes when somebody encodes it before writing it down. */
function forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [value, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(value)];
}

function logText(): string {
  return service.instance.logs().map(({ text }) => text).join('\n');
}

async function tableText(): Promise<string> {
  return JSON.stringify(await Promise.all(TABLES.map((table) => tables.items(table))));
}

/** Which of the named values are found in the text, in any form. */
function found(text: string, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].filter(([, value]) => forms(value).some((form) => text.includes(form))).map(([name]) => name);
}

/** Private parts of all key sets, in all their versions that are current. */
async function privateKeys(): Promise<Map<string, string>> {
  const client = new SecretsManagerClient({
    endpoint: service.instance.servicesUrl, region: service.instance.region, credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  const keys = new Map<string, string>();
  const collect = (name: string, value: unknown): void => {
    if (Array.isArray(value)) value.forEach((child, index) => collect(`${name}.${index}`, child));
    else if (typeof value === 'object' && value !== null) for (const [key, child] of Object.entries(value)) collect(`${name}.${key}`, child);
    else if (typeof value === 'string' && /(?:\.d|\.key|\.privateKey)$/.test(name)) keys.set(name, value);
  };
  for (const { Name: name } of (await client.send(new ListSecretsCommand({}))).SecretList ?? []) {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    collect(name!, JSON.parse(text!));
  }
  return keys;
}

test('LG-02 SE-02 canaries in every field of every route reach no log; no password, token or key is at rest', async () => {
  const secrets = new Map<string, string>();
  const addresses = new Map<string, string>();
  let canaries = 0;
  const canary = (name: string): string => {
    canaries += 1;
    const value = `canary-${canaries}-${createHash('sha256').update(`${name}${canaries}`).digest('hex').slice(0, 16)}`;
    secrets.set(`${name} ${canaries}`, value);
    return value;
  };
  const covered = new Set<string>();
  const send = (route: string, options: CallOptions = {}) => {
    const [method = '', path = ''] = route.split(' ');
    covered.add(`${method} ${path.replace(/(?<=sessions\/).+/, '{sid}')}`);
    const headers = { 'user-agent': canary('user agent'), 'cookie': `rt=${canary('cookie')}`, 'referer': `https://x.example/${canary('referer')}`, ...options.headers };
    return service.call(method, `${path}?token=${canary('query')}`, { from: service.newSource(), ...options, headers });
  };
  const keep = (name: string, tokens: Record<string, unknown>) => {
    for (const key of ['access_token', 'refresh_token', 'device_token']) if (typeof tokens[key] === 'string') secrets.set(`${name} ${key}`, tokens[key]);
  };

  // GIVEN a user whose every secret is known here
  const email = `${canary('address').replaceAll('-', '.')}@example.com`;
  addresses.set('address', email);
  const password = `${canary('password')} long enough`;
  secrets.set('password', password);
  expect((await send('POST /register', { body: { email, password, profile: { nickname: 'Mike' } } })).status).toBe(201);
  const login = (await send('POST /login', { body: { email, password } })).body;
  keep('login', login);
  let bearer: string = login.access_token;

  // WHEN each route is called with canaries where it expects something else, and where it expects nothing
  const fields: Record<string, string[]> = {
    'POST /register': ['email', 'password', 'invitation'], 'POST /login': ['email', 'password', 'device_token'], 'POST /token/refresh': ['refresh_token'],
    'POST /token/revoke': ['token', 'token_type_hint', 'client_id'], 'POST /logout': ['refresh_token'], 'POST /logout/all': [], 'PATCH /me': [],
    'POST /me/password': ['current_password', 'new_password'],
  };
  for (const [route, names] of Object.entries(fields)) {
    const values = Object.fromEntries(names.map((name) => [name, name === 'email' ? `${canary('unknown address')}@example.com` : `${canary(name)} long enough`]));
    for (const [name, value] of Object.entries(values)) secrets.set(`${route} ${name}`, value);
    // Only where it is asked for, since it ends the session at the two routes for that.
    const endsAll = route === 'POST /logout/all';
    const auth = endsAll || route.includes('/me') ? { bearer } : {};
    if (!endsAll) await send(route, { body: values, ...auth });
    for (const name of names) await send(route, { body: { ...values, [name]: { [canary('nested name')]: canary('nested') } }, ...auth });
    await send(route, { body: { ...values, [canary('unknown name')]: canary('unknown value') }, ...auth });
    await send(route, { body: `{"x":${canary('broken JSON')}`, ...auth });
    await send(route, { body: {}, ...auth, headers: { 'content-type': canary('media type') } });
    // Where no origins are listed and no cookies are taken, an origin decides nothing.
    if (!endsAll) await send(route, { body: {}, ...auth, headers: { origin: `https://${canary('origin')}.example` } });
    await send(route, { body: {}, bearer: `eyJhbGciOiJFUzI1NiJ9.${canary('bearer')}.x` });
    if (!endsAll) await send(route, { body: {}, ...auth, headers: { 'x-correlation-id': `${canary("correlation")} x y` } });
  }
  await send('PATCH /me', { body: { profile: { [canary('attribute')]: canary('value') } }, bearer });
  await send('GET /me', { bearer: canary('bearer') });
  expect((await send('GET /me', { bearer })).status).toBe(200);
  await send('GET /me/sessions', { bearer });
  await send(`DELETE /me/sessions/${canary('sid')}`, { bearer });
  await send('DELETE /me', { bearer: canary('bearer') });
  for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/health']) await send(`GET ${path}`);
  // AND the tokens that come out of what succeeds
  const refreshed = (await send('POST /token/refresh', { body: { refresh_token: login.refresh_token } })).body;
  expect(refreshed.refresh_token).toMatch(/^rt1\./);
  keep('refresh', refreshed);
  await send('POST /login', { body: { email, password: `${password}!`, device_token: login.device_token } });
  const changed = `${canary('new password')} long enough`;
  const renewed = (await send('POST /me/password', { body: { current_password: password, new_password: changed }, bearer })).body;
  expect(renewed.refresh_token).toMatch(/^rt1\./);
  secrets.set('changed password', changed);
  keep('change', renewed);
  bearer = renewed.access_token;
  const invitation = await service.admin({ action: 'invite', email: 'invited@example.com' });
  secrets.set('invitation', invitation.invitation);
  await service.admin({ action: 'find', email });
  await service.admin({ action: canary('action'), email: canary('admin address') });
  // AND outages in the middle of it
  for (const operation of ['GetItem', 'UpdateItem', 'PutItem', 'TransactWriteItems']) {
    service.instance.faults.add({ service: 'dynamodb', operation, effect: 'error' });
    await Promise.all([
      send('POST /login', { body: { email, password: changed } }), send('POST /token/refresh', { body: { refresh_token: renewed.refresh_token } }),
      send('POST /register', { body: { email: `${canary('address in an outage')}@example.com`, password: changed } }), send('GET /me', { bearer }),
    ]);
    service.instance.faults.remove();
  }
  expect(Routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !covered.has(route))).toEqual([]);

  // THEN the log knows none of them, and neither do the calls
  const keys = await privateKeys();
  expect(keys.size).toBeGreaterThanOrEqual(3);
  const logs = logText();
  expect(service.audit().length).toBeGreaterThan(80);
  expect(found(logs, new Map([...secrets, ...addresses, ...keys]))).toEqual([]);
  expect(found(JSON.stringify(service.instance.calls.list()), new Map([...secrets, ...addresses, ...keys]))).toEqual([]);
  expect(logs).not.toMatch(/\$argon2|\brt1\.[a-z0-9]{8}\.|\bdt[12]\.|eyJhbGci/);
  // AND at rest is only what has to be: the address, the label of a device and hashes
  const atRest = await tableText();
  expect(found(atRest, addresses)).toEqual(['address']);
  // A session is shown to its owner under a label made of the user agent that logged in.
  expect(found(atRest, new Map([...secrets, ...keys])).filter((name) => !/^(address|user agent) /.test(name))).toEqual([]);
  for (const token of [login, refreshed, renewed]) expect(atRest).not.toContain(token.refresh_token.split('.')[4]);
  for (const { hash } of (await tables.rows('Users')).filter((row) => row.hash !== undefined)) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('LG-03 T36 whatever a client writes, the log has one line an event, valid JSON in printable ASCII', async () => {
  const { email, access_token: bearer } = await service.newUser();
  const forged = '{"event":"login_succeeded","outcome":"success","type":"audit","uid":"forged"}';
  const payloads = [`x\n${forged}`, `x\r\n${forged}`, `\u001b[2J\u001b[31m${forged}`, `x\u2028${forged}\u2029`, `%0d%0a${forged}`, `"}\n${forged}`, '\u0000\u0007\u009b', `\u202e${forged}`, `${'${jndi:ldap://x}'}`];
  for (const payload of payloads) {
    await service.post('/login', { email: payload, password: PASSWORD });
    await service.post('/login', { email, password: payload });
    await service.post('/login', { [payload]: payload });
    await service.post('/login', { email, password: PASSWORD, device_token: payload });
    await service.post('/register', { email: `${payload}@example.com`, password: payload, profile: { nickname: payload } }, { from: service.newSource() });
    await service.post('/token/refresh', { refresh_token: payload });
    await service.post('/token/revoke', { token: payload });
    await service.call('PATCH', '/me', { bearer, body: { profile: { nickname: payload } } });
    await service.call('GET', `/me/sessions/${encodeURIComponent(payload)}`, { bearer });
    await service.call('DELETE', `/me/sessions/${encodeURIComponent(payload)}`, { bearer });
    await service.call('GET', `/${encodeURIComponent(payload)}?x=${encodeURIComponent(payload)}`);
    const header = encodeURIComponent(payload);
    await service.call('GET', '/health', { headers: { 'user-agent': header, 'x-correlation-id': header, 'x-amzn-trace-id': `Root=${header}`, 'x-forwarded-for': header } });
    await service.post('/login', { email, password: 'wrong' }, { headers: { 'user-agent': forged, 'x-correlation-id': forged, 'x-forwarded-for': forged } });
    await service.admin({ action: payload, [payload]: payload });
  }
  const entries = service.instance.logs().filter(({ stream }) => stream === 'stdout' || stream === 'access');
  expect(entries.length).toBeGreaterThan(100);
  for (const { text, document, stream } of entries) {
    expect([stream, text]).toEqual([stream, expect.stringMatching(/^[\x20-\x7e]+$/)]);
    expect([text, typeof document]).toEqual([text, 'object']);
    expect(document).not.toMatchObject({ uid: 'forged' });
  }
  expect(service.instance.logs().filter(({ stream }) => stream === 'stderr')).toEqual([]);
  // What API Gateway logs of an unknown path is percent-encoded, as it came.
  for (const { document } of entries.filter(({ stream }) => stream === 'access')) expect(document).not.toHaveProperty('event');
  for (const { text } of entries.filter(({ stream }) => stream === 'stdout')) expect(text).not.toMatch(/forged|jndi/);
  const logins = service.audit('login_succeeded').length;
  // One login of `newUser`, and those with a right password and somebody's device token.
  expect(logins).toBe(1 + payloads.length);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RequestDeadline } from '../../../lambda/adapters/deadline';
import { AuditLog } from '../../../lambda/adapters/log/audit-log';
import { JsonLog } from '../../../lambda/adapters/log/json-log';
import { AsyncRequestScope } from '../../../lambda/adapters/log/request-scope';
import { MemoryRevocationStore } from '../../../lambda/adapters/memory';
import { createKeyFactory } from '../../../lambda/adapters/jose/key-factory';
import type { AdminAction } from '../../../lambda/handlers/admin/actions';
import { ACTION_NAMES, adminRequest } from '../../../lambda/handlers/admin/actions';
import type { AdminHandler } from '../../../lambda/handlers/admin/handler';
import { createHandler } from '../../../lambda/handlers/admin/handler';
import type { VersionedSecret } from '../../../lambda/ports/keys';
import { TIME_LEFT } from '../support/time-left';
import type { Service } from './service';
import { EMAIL, PASSWORD, startService } from './service';

let service: Service;
let admin: (event: unknown) => Promise<any>;
let rotations: string[];

beforeEach(async () => {
  service = await startService({ registration: { mode: 'invite' } });
  rotations = [];
  const { world } = service;
  const scope = new AsyncRequestScope();
  const sink = (line: string): void => { service.lines.push(line); };
  const secrets = { startRotation: async (id: string) => { rotations.push(id); return 'started' as const; } } as Partial<VersionedSecret> as VersionedSecret;
  const handler: AdminHandler = createHandler({
    ...world,
    scope,
    deadline: new RequestDeadline(),
    audit: new AuditLog('Shop', world.clock, scope, sink),
    log: new JsonLog('Shop', 'debug', world.clock, scope, sink),
    secrets,
    published: new MemoryRevocationStore(world.tables),
    factory: createKeyFactory(),
    settings: { signingSecret: 'arn:signing', refreshSecret: 'arn:refresh', originSecret: 'arn:origin', algorithm: 'ES256', accessTokenTtl: 900, sessionTtl: 86400 },
  });
  admin = (event) => handler(event, { ...TIME_LEFT, awsRequestId: 'aws-7' });
});

async function invited(scopes?: string[]): Promise<{ uid: string; tokens: any }> {
  const { invitation } = await admin({ action: 'invite', email: EMAIL, ...(scopes ? { scopes } : {}) });
  const registered = await service.send({ path: '/register', body: { email: EMAIL, password: PASSWORD, invitation } });
  return { uid: registered.body.sub, tokens: (await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } })).body };
}

test('invite: one address, once, with its scopes', async () => {
  expect(await service.send({ path: '/register', body: { email: EMAIL, password: PASSWORD } })).toMatchObject({ status: 403, body: { code: 'invitation_invalid' } });
  const { tokens } = await invited(['orders:read']);
  expect(tokens.scope).toBe('orders:read profile');
});

test('find, disable, enable, revoke, set scopes', async () => {
  const { uid, tokens } = await invited();
  const user = { uid, email: EMAIL, status: 'active', scopes: [], profile: {}, createdAt: service.world.clock.now() };
  expect(await admin({ action: 'find', email: EMAIL })).toEqual({ ok: true, users: [user] });
  expect(await admin({ action: 'find', uid })).toEqual({ ok: true, users: [user] });
  expect(await admin({ action: 'find', email: 'nobody@example.com' })).toEqual({ ok: true, users: [] });

  expect(await admin({ action: 'disable', uid })).toMatchObject({ ok: true, user: { status: 'disabled' } });
  expect((await service.send({ method: 'GET', path: '/me', bearer: tokens.access_token })).status).toBe(401);
  expect((await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } })).status).toBe(401);
  expect(await admin({ action: 'enable', uid })).toMatchObject({ ok: true, user: { status: 'active' } });
  const again = await service.login();

  expect(await admin({ action: 'revoke-sessions', uid })).toEqual({ ok: true });
  expect((await service.send({ method: 'GET', path: '/me', bearer: again.access_token })).status).toBe(401);
  expect(await admin({ action: 'set-scopes', uid, scopes: ['b', 'a'] })).toMatchObject({ ok: true, user: { scopes: ['a', 'b'] } });
  expect((await service.login()).scope).toBe('a b profile');
});

test('unlock', async () => {
  await invited();
  for (let n = 0; n < 10; n += 1) await service.send({ path: '/login', body: { email: EMAIL, password: 'wrong wrong wrong wrong' } });
  expect((await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } })).status).toBe(429);
  expect(await admin({ action: 'unlock', email: EMAIL })).toEqual({ ok: true });
  expect((await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } })).status).toBe(200);
});

test('rotate-now', async () => {
  expect(await admin({ action: 'rotate-now', keyset: 'signing' })).toEqual({ ok: true, rotation: 'started' });
  expect(await admin({ action: 'rotate-now', keyset: 'refresh' })).toEqual({ ok: true, rotation: 'started' });
  expect(await admin({ action: 'rotate-now', keyset: 'origin' })).toEqual({ ok: true, rotation: 'started' });
  expect(rotations).toEqual(['arn:signing', 'arn:refresh', 'arn:origin']);
});

test.each([
  [null],
  ['find'],
  [[]],
  [{}],
  [{ action: 'drop-table' }],
  [{ action: 'find', uid: 'u', role: 'admin' }],
  [{ action: 'disable' }],
  [{ action: 'disable', uid: ['u'] }],
  [{ action: 'set-scopes', uid: 'u', scopes: 'admin' }],
  [{ action: 'set-scopes', uid: 'u', scopes: ['a b'] }],
  [{ action: 'rotate-now', keyset: 'all' }],
  [{ action: 'find' }],
  [{ action: 'find', uid: 'u', email: EMAIL }],
])('%j is refused', async (event) => {
  expect(await admin(event)).toMatchObject({ ok: false, error: { code: 'validation_failed', requestId: 'aws-7' } });
  expect(service.events().at(-1)).toMatchObject({ outcome: 'failure', request_id: 'aws-7' });
});

test('errors by code: unknown user, outage', async () => {
  expect(await admin({ action: 'disable', uid: 'nobody' })).toMatchObject({ ok: false, error: { code: 'not_found' } });
  service.world.calls.failAll('users');
  expect(await admin({ action: 'find', email: EMAIL })).toMatchObject({ ok: false, error: { code: 'unavailable', retryAfter: 1 } });
});

test('LG-02 no address in the log', async () => {
  await invited();
  await admin({ action: 'unlock', email: EMAIL });
  await admin({ action: EMAIL });
  expect(service.lines.join('')).not.toContain('ada@');
});

describe('who did it', () => {
  const by = { operator: 'mike@support.example', reason: 'ticket 4711, the owner called' };
  const UID = '00000000-0000-4000-8000-000000000000';
  const requests: Record<AdminAction, object> = {
    'invite': { email: EMAIL },
    'find': { uid: UID },
    'disable': { uid: UID },
    'enable': { uid: UID },
    'unlock': { email: EMAIL },
    'revoke-sessions': { uid: UID },
    'set-scopes': { uid: UID, scopes: [] },
    'rotate-now': { keyset: 'signing' },
    'publish-keys': {},
    'retire-key': { kid: 'unknown' },
  };

  test.each(Object.entries(requests))('LG-01 every event of %s, done or refused, names operator and reason', async (action, members) => {
    await admin({ action, ...members, ...by });
    await admin({ action, ...members, nonsense: true, ...by });
    const events = service.events().filter(({ operation }) => operation === `admin ${action}`);
    expect(events.length).toBeGreaterThanOrEqual(2);
    for (const event of events) expect(event).toMatchObject({ operator: by.operator, operator_reason: by.reason });
  });

  test('neither has to be given, and what is of the wrong form is refused and not written', async () => {
    expect(await admin({ action: 'find', uid: UID })).toEqual({ ok: true, users: [] });
    expect(service.events().at(-1)).not.toHaveProperty('operator');
    for (const wrong of [{ operator: '' }, { operator: 7 }, { operator: 'a\nb' }, { reason: 'x'.repeat(257) }, { reason: '\u202eevil' }, { operator: null }]) {
      expect([wrong, await admin({ action: 'find', uid: UID, ...wrong })]).toMatchObject([wrong, { ok: false, error: { code: 'validation_failed' } }]);
      expect(service.events().at(-1)).not.toHaveProperty('operator');
      expect(service.events().at(-1)).not.toHaveProperty('operator_reason');
    }
  });

  test('LG-02 an address or a token in the reason does not reach the log', async () => {
    await admin({ action: 'find', uid: UID, reason: `${EMAIL} says that rt1.1.abc.2.def was stolen` });
    expect(service.events().at(-1)).toMatchObject({ operator_reason: '[address] says that [token] was stolen' });
  });
});

test('an unknown action lists the known ones, an unknown or missing member those of the action', async () => {
  for (const action of ['drop-table', undefined, 7, 'toString']) {
    expect(await admin({ action })).toMatchObject({ ok: false, error: {
      errors: [{ pointer: '/action', message: 'must be one of invite, find, disable, enable, unlock, revoke-sessions, set-scopes, rotate-now, publish-keys, retire-key' }],
    } });
  }
  expect(await admin({ action: 'unlock', user: 'x' })).toMatchObject({ ok: false, error: {
    detail: 'The members of unlock are action, email, operator, reason.',
    errors: [{ pointer: '/email', message: 'is required' }, { pointer: '/user', message: 'is not known here' }],
  } });
});

test('GIVEN an address that has an account WHEN it is invited THEN that is refused, and no ticket is made', async () => {
  await invited();
  const tickets = service.world.tables.tickets.size;
  expect(await admin({ action: 'invite', email: EMAIL.toUpperCase(), scopes: ['orders:read'] })).toMatchObject({ ok: false, error: { code: 'email_taken', detail: expect.stringContaining('set-scopes') } });
  expect(service.world.tables.tickets.size).toBe(tickets);
  expect(service.events().at(-1)).toMatchObject({ event: 'admin_request_refused', reason: 'email_taken' });
});

test('every example of docs/administration.md is a request that the function takes', () => {
  const page = readFileSync(join(__dirname, '../../../docs/administration.md'), 'utf8');
  const examples = [...page.matchAll(/^```json\n(.+)\n```$/gm)].map(([, text]) => JSON.parse(text!) as { action: string });
  expect(examples.map(({ action }) => action).sort()).toEqual([...ACTION_NAMES].sort());
  for (const example of examples) expect(adminRequest(example)).toEqual(example);
});

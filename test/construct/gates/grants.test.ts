import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { hashSync } from 'bcryptjs';
import { AdminRequest } from '../../../lambda/handlers/admin/actions';
import { Iam } from '../../../local/services/iam';
import { Duration } from 'aws-cdk-lib';
import { AuthFunctionName, TokenTransport } from '../../../src';
import { Routes } from '../../../src/contract/routes';
import { GRANTS, KeyAccess, SECRET_ACTIONS } from '../../../src/functions/grants';
import { Browser, ORIGIN } from '../../service/support/browser';
import type { FaultSpec } from '../../../local/services/types';
import type { Answer } from '../../service/support/client';
import type { Service } from '../../service/support/service';
import { PASSWORD, UNTHROTTLED, startService, stopServices } from '../../service/support/service';

/** `function action target`, as the roles of the template were asked: every call of a function is held against its role. */
const used = new Set<string>();
const denied = new Set<string>();

const original = Iam.prototype.refusal;
Iam.prototype.refusal = function (this: Iam, ...[principal, permission]) {
  const refusal = original.call(this, principal, permission);
  const entry = `${functionOf(principal.logicalId)} ${permission.action} ${targetOf(permission.resource)}`;
  (refusal === undefined ? used : denied).add(entry);
  return refusal;
};

const functionOf = (logicalId: string): string => /^AuthFunctions(\w+?)Function[0-9A-F]{8}$/.exec(logicalId)?.[1] ?? logicalId;
const NAMES = /Auth(?:Tables)?(Users|Sessions|Revocations|Attempts|Tickets|SigningKeys|RefreshKeys|FunctionsRotateKeys)[^/]*(\/index\/[a-z-]+)?/;
const targetOf = (resource: string): string => NAMES.exec(resource)?.slice(1, 3).join('') ?? resource;

/** The same from the table of grants. */
function granted(): string[] {
  const pascal = (text: string) => text.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.entries(GRANTS).flatMap(([name, { tables, signingKeys, refreshKeys }]) => [
    ...tables.flatMap(({ table, actions, index }) => [
      ...actions.map((action) => `${action} ${pascal(table)}`), ...index === undefined ? [] : [`dynamodb:Query ${pascal(table)}/index/${index}`],
    ]),
    ...secretActions(signingKeys).map((action) => `${action} SigningKeys`),
    ...secretActions(refreshKeys).map((action) => `${action} RefreshKeys`),
  ].map((entry) => `${pascal(name)} ${entry}`)).sort();
}

const secretActions = (access: KeyAccess | undefined): readonly string[] => (access === undefined ? [] : SECRET_ACTIONS[access]);

const DAY = 86_400;
const NEW_PASSWORD = `${PASSWORD} and more`;
let service: Service;
let store: DynamoDBDocumentClient;

const actions = new Set<string>();
const administer = (event: { readonly action: string; readonly [member: string]: unknown }) => {
  actions.add(event.action);
  return service.admin(event);
};

beforeAll(async () => {
  service = await startService({
    ...UNTHROTTLED, abuse: { attemptsPerHour: 100, registrationsPerHour: 1000 }, webApp: { origins: [ORIGIN] },
    tokens: { transport: TokenTransport.both(), sessionLifetime: Duration.days(60), idleTimeout: Duration.days(60) },
  });
  const { servicesUrl: endpoint, region } = service.instance;
  store = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }));
}, 60_000);

afterAll(async () => {
  Iam.prototype.refusal = original;
  store.destroy();
  await stopServices();
});

/** Holds matching calls until so many wait, does something meanwhile, and lets them go. */
async function holding<T>(calls: Omit<FaultSpec, 'effect'>, count: number, start: () => unknown, meanwhile?: () => Promise<T>): Promise<T | undefined> {
  const { faults } = service.instance;
  const { id } = faults.add({ ...calls, effect: 'hold' });
  try {
    const started = start();
    while ((faults.list().find((fault) => fault.id === id)?.waiting ?? 0) < count) await new Promise((resolve) => setTimeout(resolve, 5));
    await started;
    return await meanwhile?.();
  } finally {
    faults.remove(id);
  }
}

/** Ends sessions of a user one by one until the next one bumps the session version instead. */
async function revokeMany(email: string): Promise<void> {
  for (let count = 0; count < 32; count += 1) await service.post('/logout', { refresh_token: (await service.login(email)).refresh_token });
}

async function everyRoute(): Promise<void> {
  const invitation = await administer({ action: 'invite', email: 'invited@example.com', scopes: ['orders:read'] });
  expect((await service.post('/register', { email: 'invited@example.com', password: PASSWORD, invitation: invitation.token ?? invitation.invitation })).status).toBe(201);
  const user = await service.newUser();
  await service.post('/login', { email: user.email, password: 'not the right one' });
  const session = await service.login(user.email);
  const fresh = (await service.refresh(session.refresh_token)).body;
  const bearer = fresh.access_token;
  await service.me(bearer);
  await service.call('PATCH', '/me', { bearer, body: { profile: {} } });
  const list = await service.call('GET', '/me/sessions', { bearer });
  await service.call('DELETE', `/me/sessions/${list.body.sessions.at(-1).sid}`, { bearer });
  const other = await service.login(user.email);
  await service.post('/token/revoke', { token: other.access_token });
  const third = await service.login(user.email);
  await service.post('/me/password', { current_password: 'not the right one', new_password: NEW_PASSWORD }, { bearer: third.access_token });
  expect((await service.post('/me/password', { current_password: PASSWORD, new_password: NEW_PASSWORD }, { bearer: third.access_token })).status).toBe(200);
  await service.post('/logout/all', {}, { bearer: (await service.login(user.email, NEW_PASSWORD)).access_token });
  await service.call('DELETE', '/me', { bearer: (await service.login(user.email, NEW_PASSWORD)).access_token });
  for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/health']) await service.call('GET', path);
}

async function rareCases(): Promise<void> {
  // A hash of an algorithm that is no longer the one of new hashes is replaced at login.
  const { email } = await service.newUser();
  const users = service.instance.functions.configurations().find(({ logicalId }) => logicalId.startsWith('AuthFunctionsLogin'))!.environment.AUTH_USERS_TABLE;
  await store.send(new UpdateCommand({
    TableName: users, Key: { pk: `EMAIL#${email}`, sk: 'CREDENTIAL' }, UpdateExpression: 'SET #h = :h', ExpressionAttributeNames: { '#h': 'hash' },
    ExpressionAttributeValues: { ':h': hashSync(PASSWORD, 10) },
  }));
  await service.login(email);

  // More ended sessions than one item holds: by logout, and by reuse.
  for (const last of ['logout', 'reuse']) {
    const many = await service.newUser();
    await revokeMany(many.email);
    const session = await service.login(many.email);
    if (last === 'logout') {
      await service.post('/logout', { refresh_token: session.refresh_token });
    } else {
      const next = (await service.refresh(session.refresh_token)).body;
      await service.refresh(next.refresh_token);
      service.advance(60);
      await service.refresh(session.refresh_token);
    }
  }

  // A browser that logs in again leaves its earlier session: one, and more than one item holds.
  const surfer = await service.newUser();
  const browser = new Browser(service);
  for (let count = 0; count < 34; count += 1) expect((await browser.post('/login', { email: surfer.email, password: PASSWORD })).status).toBe(200);

  // Of password changes at the same time one wins; the sessions that the others had made in advance are ended.
  const hasty = await service.newUser();
  const change = (bearer: string, current: string) => service.post('/me/password', { current_password: current, new_password: NEW_PASSWORD }, { bearer });
  let changes: Promise<Answer>[] = [];
  await holding({ service: 'dynamodb', operation: 'TransactWriteItems', caller: 'AuthFunctionsCredentials' }, 2, () => {
    changes = [change(hasty.access_token, PASSWORD), change(hasty.access_token, PASSWORD)];
  });
  expect((await Promise.all(changes)).filter(({ status }) => status === 200)).toHaveLength(1);

  // Counters past their TTL that nobody has deleted yet.
  const address = service.newSource();
  const register = () => service.post('/register', { email: service.newEmail(), password: PASSWORD }, { from: address });
  await register();
  const [late, later] = [await service.newUser(), await service.newUser()];
  await change(later.access_token, 'not the right one');
  service.advance(31 * DAY);
  await register();
  await service.login(late.email);
  const { access_token: renewed } = (await service.refresh(later.refresh_token)).body;
  expect((await change(renewed, 'not the right one')).status).toBe(401);
}

async function everyAdministration(): Promise<void> {
  const { email, uid } = await service.newUser();
  for (const event of [
    { action: 'find', email }, { action: 'find', uid }, { action: 'unlock', email }, { action: 'set-scopes', uid, scopes: ['a'] }, { action: 'disable', uid },
    { action: 'enable', uid }, { action: 'revoke-sessions', uid }, { action: 'rotate-now', keyset: 'signing' }, { action: 'rotate-now', keyset: 'refresh' },
  ]) {
    expect(await administer(event)).toMatchObject({ ok: true });
  }
  // One that is asked for while another one runs.
  const held = await holding({ service: 'secretsmanager', operation: 'PutSecretValue', caller: 'AuthFunctionsRotateKeys' }, 1, () =>
    administer({ action: 'rotate-now', keyset: 'refresh' }), () => administer({ action: 'rotate-now', keyset: 'refresh' }));
  expect(held).toMatchObject({ ok: true });
  const { keys } = (await service.call('GET', '/.well-known/jwks.json')).body;
  expect(await administer({ action: 'retire-key', kid: keys[0].kid })).toMatchObject({ ok: true });
}

describe('what functions may do is what they do', () => {
  test('DB-05 every granted action is used by some route or action, and none is missing', async () => {
    await everyRoute();
    await everyAdministration();
    await rareCases();
    // No way into a function was left out by which it could call something else.
    const answered = new Set(service.instance.requests().filter(({ refusedBy }) => refusedBy === undefined).map(({ route }) => route));
    expect(Routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !answered.has(route))).toEqual([]);
    expect(AdminRequest.options.map(({ entries }) => entries.action.literal).filter((action) => !actions.has(action))).toEqual([]);
    // None is missing, and none is there for nothing.
    expect([...denied]).toEqual([]);
    const unused = granted().filter((entry) => !used.has(entry));
    expect(unused).toEqual([]);
    expect([...used].filter((entry) => !granted().includes(entry))).toEqual([]);
    expect(Object.keys(GRANTS).sort()).toEqual(Object.values(AuthFunctionName).sort());
  }, 180_000);
});

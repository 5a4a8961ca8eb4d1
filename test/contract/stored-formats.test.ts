import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { PublishedVerificationKeys } from '../../lambda/adapters/keys/verification-keys';
import { nodeCrypto } from '../../lambda/adapters/node-crypto/crypto';
import { LookupDigests } from '../../lambda/adapters/node-crypto/lookup-digests';
import { createPasswordHasher } from '../../lambda/adapters/node-crypto/password-hasher';
import { createSignatureVerifier } from '../../lambda/adapters/jose/signature-verifier';
import { accountCounter, deviceCounter, failedLoginsCounter } from '../../lambda/domain/attempts';
import { deviceMacFields, formerDeviceMacFields, parseDeviceToken, parseFormerDeviceToken } from '../../lambda/domain/device-token';
import { decideGeneration } from '../../lambda/domain/generation';
import { parseRefreshKeyset, parseSigningKeyset } from '../../lambda/domain/keyset-format';
import type { LookupSecret } from '../../lambda/domain/lookup-secret';
import { parseLookupSecret } from '../../lambda/domain/lookup-secret';
import { listedKeys, listedSet, signingOrder } from '../../lambda/domain/listed-keys';
import type { KeyKeeper, PublishedKeySet, RefreshKeyset, SigningKeyset } from '../../lambda/domain/model';
import type { OriginKeyset } from '../../lambda/domain/origin-secret';
import { acceptedValues, parseOriginKeyset, rotateOriginKeyset } from '../../lambda/domain/origin-secret';
import { authorize } from '../../lambda/use-cases/authorize';
import { knownDevice } from '../../lambda/use-cases/steps/known-device';
import { genuineRefreshToken } from '../../lambda/use-cases/steps/genuine-refresh-token';
import type { Reserved } from '../../lambda/ports/attempts';
import { dynamoStores } from '../lambda/adapters/dynamodb/support/stores';
import type { StartedTables, TableNames } from '../lambda/adapters/dynamodb/support/tables';
import { startTables } from '../lambda/adapters/dynamodb/support/tables';
import { AuditRecorder } from '../lambda/support/audit-recorder';
import type { Stores } from './suites';

type Item = Readonly<Record<string, any>>;

/** What a release stored and handed out. Nobody edits one: what a later release writes otherwise gets a file of its own. */
interface Frozen {
  readonly time: number;
  readonly password: string;
  readonly issuer: string;
  readonly audience: string;
  readonly tables: Readonly<Record<keyof TableNames, readonly Item[]>>;
  readonly secrets: { readonly signing: SigningKeyset; readonly refresh: RefreshKeyset; readonly origin: OriginKeyset; readonly lookup?: LookupSecret };
  /** Of keys that others keep. */
  readonly publishedSets: Readonly<Record<KeyKeeper, PublishedKeySet>>;
  readonly tokens: Readonly<Record<'access' | 'accessOfRetiredKey' | 'accessOfEndedSession' | 'refresh' | 'refreshBefore' | 'device', string>>;
  readonly hashes: Readonly<Record<string, string>>;
}

const folder = join(__dirname, 'stored-formats');
const releases = readdirSync(folder).sort().map((file): [string, Frozen] => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]);

/** Storage's own attributes, which no store hands out. */
const STORAGE = ['pk', 'sk', 'v', 'ttl', 'op'];
const without = (item: Item, ...names: string[]): Item => Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

describe.each(releases)('what %s stored', (_file, frozen) => {
  const { time, tables: items, secrets, tokens } = frozen;
  const revocationItem = (prefix: string): Item => items.revocations.find(({ key }) => key.startsWith(prefix))!;
  let started: StartedTables;
  let stores: Stores;

  beforeAll(async () => {
    started = await startTables({ clock: { now: () => time } });
    const db = started.connect(nodeCrypto);
    stores = dynamoStores(db, started.names);
    for (const [table, rows] of Object.entries(items)) {
      for (const row of rows) await db.client.send(new PutCommand({ TableName: started.names[table as keyof TableNames], Item: row }));
    }
  });
  afterAll(() => started.stop());

  test('users and credentials are read', async () => {
    const profiles = items.users.filter(({ sk }) => sk === 'PROFILE');
    const credentials = items.users.filter(({ sk }) => sk === 'CREDENTIAL');
    expect([profiles.length, credentials.length]).toEqual([2, 2]);
    for (const profile of profiles) {
      expect(await stores.users.readUser(profile.uid)).toEqual(without(profile, ...STORAGE));
      expect(await stores.users.findByEmail(profile.email)).toEqual([without(profile, ...STORAGE)]);
    }
    for (const { pk, uid, hash, pv } of credentials) {
      const email = pk.slice('EMAIL#'.length);
      expect(await stores.users.readCredential(email)).toEqual({ email, uid, passwordHash: hash, pv });
    }
  });

  test('passwords still fit, whatever they were hashed with', async () => {
    expect(Object.keys(frozen.hashes).sort()).toEqual(['argon2id', 'bcrypt', 'scrypt']);
    const hasher = createPasswordHasher({ algorithm: 'argon2id' });
    for (const hash of Object.values(frozen.hashes)) {
      expect(await hasher.verify(frozen.password, hash)).toBe(true);
      expect(await hasher.verify(`${frozen.password}!`, hash)).toBe(false);
    }
  });

  test('sessions are read, listed, rotated and ended', async () => {
    for (const session of items.sessions) expect(await stores.sessions.read(session.sid)).toEqual(without(session, ...STORAGE));
    const live = (await stores.sessions.read(items.sessions.find(({ state }) => state === 'live')!.sid))!;
    expect((await stores.sessions.listByUser(live.uid)).map(({ sid }) => sid).sort()).toEqual(items.sessions.map(({ sid }) => sid).sort());
    const n = live.n + 1;
    const next = { n, superseded: [time, ...live.superseded], parent: { of: n, n: live.n, at: time }, lastUsedAt: time, idleExpiresAt: live.idleExpiresAt };
    expect(await stores.sessions.rotate(live, next)).toEqual({ rotated: true, current: { ...live, ...next } });
    await stores.sessions.markEnded(live.sid);
    expect((await stores.sessions.read(live.sid))!.state).toBe('ended');
  });

  test('refresh tokens and device tokens are genuine, and their generation is known', async () => {
    const keyset = parseRefreshKeyset(JSON.stringify(secrets.refresh));
    const keyOf = (kv: string) => keyset.keys.find((key) => key.kv === kv);
    // As it was stored: another test rotates it.
    const read = async (wanted: string) => without(items.sessions.find(({ sid }) => sid === wanted)!, ...STORAGE) as any;
    const deps = { sessions: { read }, refreshKeys: { find: async (kv: string) => keyOf(kv) }, crypto: nodeCrypto };
    const { session, n } = await genuineRefreshToken(deps, tokens.refresh);
    const rules = { grace: 10_000, lostAnswerWindow: 3_600_000 };
    expect(decideGeneration(session, n, time, rules)).toBe('rotate');
    const before = await genuineRefreshToken(deps, tokens.refreshBefore);
    expect(decideGeneration(before.session, before.n, time, rules)).toBe('successor');
    expect(decideGeneration(before.session, before.n, time + 60_000, rules)).toBe('replace');
    const device = parseDeviceToken(tokens.device);
    const former = parseFormerDeviceToken(tokens.device);
    const [{ kv, mac }, fields] = device ? [device, deviceMacFields(device)] : [former!, formerDeviceMacFields(former!, 'ada@example.com')];
    expect(nodeCrypto.mac(keyOf(kv)!.key, fields)).toBe(mac);
    const refreshKeys = { ...deps.refreshKeys, floor: async () => keyset.ep ?? 0 };
    const known = await knownDevice({ ...deps, users: stores.users, refreshKeys, tokens: { sessionTtl: 30 * 86_400 } }, 'ada@example.com', tokens.device, time);
    // One of before names an address alone: it counts only where the password was never changed, and Ada's was.
    expect(known?.deviceId).toBe(device?.deviceId);
  });

  test('access tokens of the active key and of a retired one pass, those of a session that has ended do not', async () => {
    const clock = { now: () => time };
    const deps = {
      verificationKeys: new PublishedVerificationKeys(stores.revocations, clock), signatures: createSignatureVerifier(), revocations: stores.revocations,
      crypto: nodeCrypto, clock, audit: new AuditRecorder(), verification: { issuers: [frozen.issuer], audiences: [frozen.audience], accessTokenTtl: 900 },
    };
    for (const token of [tokens.access, tokens.accessOfRetiredKey]) {
      expect(await authorize(deps, { token, requiredScopes: ['orders:read'] })).toMatchObject({ allowed: true, principal: { uid: items.users[0]!.uid } });
    }
    await expect(authorize(deps, { token: tokens.accessOfEndedSession, requiredScopes: [] })).rejects.toMatchObject({ code: 'session_revoked' });
  });

  test('revocations and published keys are read', async () => {
    const revoked = revocationItem('U#');
    const sids = Object.keys(revoked).filter((name) => name.startsWith('s#')).map((name) => name.slice(2));
    expect(await stores.revocations.readRevocations(revoked.key.slice(2))).toEqual({ minSv: revoked.minSv, sids: new Set(sids) });
    expect(await stores.revocations.readPublishedKeys()).toEqual(JSON.parse(revocationItem('KEYS#').set));
  });

  test('both key sets are read', () => {
    expect(parseSigningKeyset(JSON.stringify(secrets.signing))).toEqual(secrets.signing);
    expect(parseRefreshKeyset(JSON.stringify(secrets.refresh))).toEqual(secrets.refresh);
  });

  (secrets.lookup ? test : test.skip)('counters are found by their names, with the lookup secret', () => {
    expect(parseLookupSecret(JSON.stringify(secrets.lookup))).toEqual(secrets.lookup);
    const digests = new LookupDigests(secrets.lookup!.key);
    const { deviceId } = parseDeviceToken(tokens.device)!;
    const counters = [accountCounter('ada@example.com'), accountCounter('bob@example.com'), deviceCounter(items.users[0]!.uid, deviceId), failedLoginsCounter('192.0.2.7')];
    expect(counters.map(({ name }) => digests.digest('attempts', name))).toEqual(items.attempts.map(({ key }) => key.split('.')[0]));
  });

  test('the origin secret is read and goes on: what CloudFront sends, will send and sent is let in', () => {
    const { origin } = secrets;
    expect(parseOriginKeyset(JSON.stringify(origin))).toEqual(origin);
    expect(acceptedValues(origin)).toEqual([origin.active, origin.next, origin.retired]);
    expect(Object.keys(rotateOriginKeyset(origin, 'f'.repeat(64))).sort()).toEqual(Object.keys(origin).sort());
  });

  test.each(['kms', 'existing-secret'] as const)('the published set of %s is read, and the same list of keys changes nothing of it', async (keeper) => {
    const set = frozen.publishedSets[keeper];
    const own = await startTables({ clock: { now: () => time } });
    try {
      const db = own.connect(nodeCrypto);
      await db.client.send(new PutCommand({ TableName: own.names.revocations, Item: { key: 'KEYS#signing', v: 1, version: set.version, set: JSON.stringify(set) } }));
      expect(await dynamoStores(db, own.names).revocations.readPublishedKeys()).toEqual(set);
    } finally {
      await own.stop();
    }
    const listed = listedKeys(set, keeper);
    expect(signingOrder(listed, time).map(({ kid }) => kid)).toEqual(set.keys.slice(0, 2).map(({ kid }) => kid));
    expect(listedSet([...listed].reverse(), keeper, set, { accessTtlSeconds: 900, now: time })).toBeUndefined();
    // AND what is written now for these keys has the same members
    const written = listedSet(listed.slice(0, 1), keeper, set, { accessTtlSeconds: 900, now: time })!;
    expect(Object.keys(written).sort()).toEqual(Object.keys(set).sort());
    expect(Object.keys(written.keys[0]!).sort()).toEqual(Object.keys(set.keys[0]!).sort());
  });

  test('counters still lock and stop', async () => {
    const [locked, stopped] = items.attempts as [Item, Item];
    const rule = { perHour: 10, stopAt: 100 };
    expect(await stores.attempts.reserve(locked.key, rule, time)).toMatchObject({ allowed: false, reason: 'locked' });
    expect(await stores.attempts.reserve(locked.key, rule, locked.locked)).toMatchObject({ allowed: true, count: 7, streak: 6 });
    expect(await stores.attempts.reserve(stopped.key, rule, time)).toMatchObject({ allowed: false, reason: 'stopped' });
    // AND go on: another failure stays in the run, the success ends it
    const fail = async (at: number) => stores.attempts.recordFailure(await stores.attempts.reserve(locked.key, rule, at) as Reserved, rule, at);
    await fail(locked.locked);
    expect(await stores.attempts.reserve(locked.key, rule, locked.locked)).toMatchObject({ allowed: true, streak: 7 });
    await stores.attempts.recordSuccess(await stores.attempts.reserve(locked.key, rule, locked.locked) as Reserved, locked.locked);
    expect(await stores.attempts.reserve(locked.key, rule, locked.locked)).toMatchObject({ allowed: true, streak: 0 });
    // AND those of an hour, where the release had them, hold what was counted
    for (const { key, n } of items.attempts.filter((item) => item.n !== undefined)) expect(await stores.counters.read(key.replace(/\.\d+$/, ''), time)).toBe(n);
  });

  test('an invitation admits whom it was made for', async () => {
    const [ticket] = items.tickets as [Item];
    expect(await stores.tickets.read(ticket.hash)).toEqual(without(ticket, ...STORAGE));
    const user = { ...without(items.users[0]!, ...STORAGE), uid: 'invited', email: ticket.email } as any;
    const credential = { email: ticket.email, uid: 'invited', pv: user.pv, passwordHash: frozen.hashes.argon2id! };
    expect(await stores.users.createUser(user, credential, { invitation: { hash: ticket.hash, now: time } })).toBe('created');
  });
});

/** What the present code writes has the attributes of the newest file: else that file is no picture of this release. */
describe('what is written now', () => {
  const [file, frozen] = releases.at(-1)!;

  test(`is of the format of ${file}: another attribute needs another file in test/contract/stored-formats`, async () => {
    const started = await startTables({ clock: { now: () => frozen.time } });
    try {
      const db = started.connect(nodeCrypto);
      const stores = dynamoStores(db, started.names);
      const [profile, credential] = frozen.tables.users as [Item, Item];
      const user = without(profile, ...STORAGE) as any;
      await stores.users.createUser(user, { email: user.email, uid: user.uid, pv: user.pv, passwordHash: credential.hash });
      await stores.users.changePassword(user, credential.hash, frozen.time / 1000 + 900, without(frozen.tables.sessions[0]!, ...STORAGE) as any);
      for (const session of frozen.tables.sessions.slice(1)) await stores.sessions.create(without(session, ...STORAGE) as any);
      await stores.revocations.revokeSession(user.uid, frozen.tables.sessions[1]!.sid, frozen.time / 1000 + 900, frozen.time / 1000 + 900);
      await stores.publishedKeys.publish(JSON.parse(frozen.tables.revocations[1]!.set));
      const rule = { perHour: 10, stopAt: 100 };
      await stores.attempts.reserve('usual', rule, frozen.time);
      await stores.attempts.recordFailure(await stores.attempts.reserve('locked', rule, frozen.time) as Reserved, rule, frozen.time);
      await stores.attempts.raiseLock('locked', 1, frozen.time, frozen.time + 60_000);
      await stores.counters.count('source', 10, frozen.time);
      await stores.tickets.create(without(frozen.tables.tickets[0]!, ...STORAGE) as any);
      const shapes = (rows: readonly Item[]) => new Set(rows.map((row) => Object.entries(row)
        .map(([name, value]) => `${name.replace(/^(s#|h|r).{6,}$|^(d)\d{5,}$/, '$1$2')} ${Array.isArray(value) ? 'list' : typeof value}`).sort().join(', ')));
      for (const [table, rows] of Object.entries(frozen.tables)) {
        const { Items: written = [] } = await db.client.send(new ScanCommand({ TableName: started.names[table as keyof TableNames] }));
        const known = shapes(rows);
        expect(written.length).toBeGreaterThan(0);
        for (const shape of shapes(written)) expect([...known]).toContain(shape);
      }
    } finally {
      await started.stop();
    }
  });
});

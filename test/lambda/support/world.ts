import { MemoryAttemptStore, MemoryHourlyCounters, MemoryRevocationStore, MemorySessionStore, MemoryTables, MemoryTicketStore, MemoryUserStore } from '../../../lambda/adapters/memory';
import { CachedOfferedKeys } from '../../../lambda/adapters/keys';
import { nodeCrypto } from '../../../lambda/adapters/node-crypto/crypto';
import { createKeyFactory } from '../../../lambda/adapters/jose/key-factory';
import { LookupDigests } from '../../../lambda/adapters/node-crypto/lookup-digests';
import { createSignatureVerifier } from '../../../lambda/adapters/jose/signature-verifier';
import { createTokenSigning } from '../../../lambda/adapters/jose/token-signing';
import { ProfileAttributeDefinition } from '../../../src/contract/environment';
import { firstKeyset, publishedSet } from '../../../lambda/domain/keyset';
import { PublishedKey, RefreshKey, SigningKey } from '../../../lambda/domain/model';
import { PasswordPolicy } from '../../../lambda/domain/password-policy';
import { RevocationTimes } from '../../../lambda/domain/revocation';
import { OfferedKeys, RefreshKeys, TokenSigner, VerificationKeys } from '../../../lambda/ports/keys';
import { Lookup } from '../../../lambda/ports/lookup';
import { LoginLimits, RegistrationSettings, TokenSettings, VerificationSettings } from '../../../lambda/use-cases/settings';
import { Stores } from '../../contract/suites';
import { AuditRecorder } from './audit-recorder';
import { seededPause } from './barrier';
import { Calls } from './calls';
import { FakeHasher } from './fake-hasher';
import { FixedClock } from './fixed-clock';

export const NOW = Date.UTC(2026, 10, 1, 12, 0, 0);

/** What a test may want otherwise. */
export interface WorldOptions {
  readonly tokens?: Partial<TokenSettings>;
  readonly limits?: Partial<LoginLimits>;
  readonly registration?: Partial<RegistrationSettings>;
  /** Pauses of the memory tables: equal seeds interleave equally. */
  readonly seed?: number;
  /** Restore floor of the refresh keys. */
  readonly floor?: number;
  /** Whether the service ran before it had a lookup secret. */
  readonly unkeyedBefore?: boolean;
  /** Other stores than those over the memory tables, which then stay empty. */
  readonly stores?: Stores;
}

/** Every dependency of every use case over memory adapters, with a clock that stands still. */
export interface World {
  readonly tables: MemoryTables;
  readonly calls: Calls;
  readonly clock: FixedClock;
  readonly audit: AuditRecorder;
  readonly hasher: FakeHasher;
  readonly crypto: typeof nodeCrypto;
  readonly users: Stores['users'];
  readonly sessions: Stores['sessions'];
  readonly revocations: Stores['revocations'];
  readonly publishedKeys: Stores['publishedKeys'];
  readonly offeredKeys: OfferedKeys;
  readonly attempts: Stores['attempts'];
  readonly counters: Stores['counters'];
  readonly tickets: Stores['tickets'];
  readonly signer: TokenSigner;
  readonly refreshKeys: RefreshKeys;
  readonly lookup: Lookup;
  readonly verificationKeys: VerificationKeys;
  readonly signatures: ReturnType<typeof createSignatureVerifier>;
  readonly tokens: TokenSettings;
  readonly verification: VerificationSettings;
  readonly limits: LoginLimits;
  readonly registration: RegistrationSettings;
  readonly revocation: RevocationTimes;
  readonly passwords: PasswordPolicy;
  readonly profileAttributes: readonly ProfileAttributeDefinition[];
  readonly refreshKey: RefreshKey;
  readonly signingKey: SigningKey;
}

const keyFactory = createKeyFactory();
const signAccessToken = createTokenSigning();
// One pair of keys for all worlds: making them is the slow part, and no test depends on other worlds having others.
const signingKeys = Promise.all([keyFactory.signingKey('ES256', NOW), keyFactory.signingKey('ES256', NOW)]);

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const tables = new MemoryTables(seededPause(options.seed ?? 1));
  const calls = new Calls();
  const clock = new FixedClock(NOW);
  const [active, next] = await signingKeys;
  const refreshKey = keyFactory.refreshKey(NOW);
  const stores = options.stores ?? memoryStores(tables);
  const set = publishedSet(firstKeyset(active, next), undefined, keyFactory.publicJwk, NOW);
  await stores.publishedKeys.publish(set);

  const signer: TokenSigner = {
    ready: async () => undefined,
    sign: async (claims) => signAccessToken(active, claims),
  };
  const refreshKeys: RefreshKeys = {
    current: async () => refreshKey,
    find: async (kv) => (kv === refreshKey.kv ? refreshKey : undefined),
    floor: async () => options.floor ?? 0,
  };
  const verificationKeys: VerificationKeys = {
    find: async (kid): Promise<PublishedKey | undefined> => (await stores.revocations.readPublishedKeys())?.keys.find((key) => key.kid === kid),
  };
  const revocations = calls.watch('revocations', stores.revocations);
  const digests = new LookupDigests(keyFactory.lookupKey());
  const lookup: Lookup = {
    ready: async () => undefined,
    digest: async (label, fields) => digests.digest(label, fields),
    unkeyedBefore: async () => options.unkeyedBefore ?? false,
  };
  const tokens: TokenSettings = {
    issuer: 'https://auth.example.com/v1',
    audience: 'https://api.example.com',
    defaultScopes: ['profile'],
    accessTokenTtl: 900,
    sessionTtl: 30 * 86400,
    sessionIdleTtl: 14 * 86400,
    refreshGrace: 10,
    lostAnswerWindow: 3600,
    ...options.tokens,
  };
  return {
    tables,
    calls,
    clock,
    audit: new AuditRecorder(),
    hasher: new FakeHasher(),
    crypto: nodeCrypto,
    users: calls.watch('users', stores.users),
    sessions: calls.watch('sessions', stores.sessions),
    revocations,
    offeredKeys: new CachedOfferedKeys(revocations, clock),
    publishedKeys: calls.watch('revocations', stores.publishedKeys),
    attempts: calls.watch('attempts', stores.attempts),
    counters: calls.watch('counters', stores.counters),
    tickets: calls.watch('tickets', stores.tickets),
    signer: calls.watch('signer', signer),
    refreshKeys: calls.watch('refreshKeys', refreshKeys),
    lookup: calls.watch('lookup', lookup),
    verificationKeys: calls.watch('verificationKeys', verificationKeys),
    signatures: createSignatureVerifier(),
    tokens,
    verification: { issuers: [tokens.issuer], audiences: [tokens.audience], accessTokenTtl: tokens.accessTokenTtl },
    limits: { perHour: 10, softLockAfter: 5, failedPerSource: 100_000, maxSessionsPerUser: 50, ...options.limits },
    registration: { mode: 'open', perHour: 20, ...options.registration },
    revocation: { accessTtlSeconds: tokens.accessTokenTtl, longestTimeoutSeconds: 10 },
    passwords: { minLength: 15, classes: 0, serviceName: 'quickstart' },
    profileAttributes: [
      { name: 'locale', type: 'string', maxLength: 16 },
      { name: 'age', type: 'number' },
      { name: 'news', type: 'boolean' },
    ],
    refreshKey,
    signingKey: active,
  };
}

/** The adapters of all tables in memory. */
export function memoryStores(tables: MemoryTables): Stores {
  const revocations = new MemoryRevocationStore(tables);
  return {
    users: new MemoryUserStore(tables),
    sessions: new MemorySessionStore(tables),
    revocations,
    publishedKeys: revocations,
    attempts: new MemoryAttemptStore(tables),
    counters: new MemoryHourlyCounters(tables),
    tickets: new MemoryTicketStore(tables),
  };
}

import { auditEvent } from '../../domain/audit-events';
import { UnavailableError } from '../../domain/errors';
import { firstKeyset } from '../../domain/keyset';
import { parseRefreshKeyset, parseSigningKeyset } from '../../domain/keyset-format';
import { firstLookupSecret, LookupSecret, parseLookupSecret } from '../../domain/lookup-secret';
import { SigningKeyset } from '../../domain/model';
import { firstRefreshKeyset } from '../../domain/refresh-keyset';
import { CommonKeyDeps, CURRENT, isListed, KeyListDeps, KeyOperationDeps, MAX_ROUNDS } from './deps';
import { KeysetName } from './keyset-kinds';
import { hasOtherKeeper, publishKeyset, withoutWithdrawnKeys } from './publication';
import { publishList } from './published-list';
import { replaceKeyset } from './replace-keyset';
import { readCurrent, readStored, serialise } from './stored-keyset';

/** Holds a version until it is current. */
const FIRST = 'AUTHFIRST';

/**
 * At deployment: makes the keysets that are missing and publishes the signing keys that are not public. What exists is kept, so that
 * a second try, an update and a retained secret change nothing (ID-06, KR-01). Of signing keys that somebody else keeps the list is
 * published; `keyArns` names those of KMS.
 */
export async function ensureFirstKeys(deps: KeyOperationDeps | KeyListDeps, keyArns: readonly string[] = []): Promise<void> {
  const { refreshSecret, lookupSecret } = deps.settings;
  // Before the refresh keys, whose presence says that the service has run without it.
  if (lookupSecret !== undefined) await ensureStored(deps, 'lookup_secret', lookupSecret, parseLookupSecret, () => newLookupSecret(deps));
  await ensureStored(deps, 'refresh_keys', refreshSecret, parseRefreshKeyset, async () => firstRefreshKeyset(deps.factory.refreshKey(deps.clock.now())));
  if (isListed(deps)) return publishList(deps, keyArns);
  await ensureStored(deps, 'signing_keys', deps.settings.signingSecret, parseSigningKeyset, () => newSigningKeyset(deps));
  await ensurePublished(deps);
}

async function ensureStored<K extends object>(
  deps: CommonKeyDeps,
  name: KeysetName,
  secretId: string,
  parse: (json: string) => K,
  make: () => Promise<K>,
): Promise<void> {
  if (await readStored(deps, secretId, { stage: CURRENT }, parse)) return;
  // The first version of a secret becomes AWSCURRENT whatever it is labelled. Only that one: the event may be delivered twice, and who comes
  // second must not put other keys in the place of those that are public already.
  const versionId = deps.crypto.randomUuid();
  await deps.secrets.put(secretId, versionId, serialise(await make(), {}), [FIRST]);
  await deps.secrets.moveStage(secretId, FIRST, undefined, versionId);
  deps.audit.record(auditEvent('keys_created', { reason: name }));
}

async function newLookupSecret({ factory, clock, secrets, settings: { refreshSecret } }: CommonKeyDeps): Promise<LookupSecret> {
  const unkeyedBefore = await secrets.read(refreshSecret, { stage: CURRENT }) !== undefined;
  return firstLookupSecret(factory.lookupKey(), clock.now(), unkeyedBefore);
}

async function newSigningKeyset(deps: KeyOperationDeps): Promise<SigningKeyset> {
  const { factory, clock, published, settings } = deps;
  const now = clock.now();
  const keyset = firstKeyset(await factory.signingKey(settings.algorithm, now), await factory.signingKey(settings.algorithm, now));
  // A table that outlived its secret has seen higher numbers.
  const seen = (await published.readPublishedKeys())?.version ?? 0;
  return { ...keyset, version: Math.max(keyset.version, seen + 1) };
}

async function ensurePublished(deps: KeyOperationDeps): Promise<void> {
  const { settings: { signingSecret }, published } = deps;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const current = await readCurrent(deps, signingSecret, parseSigningKeyset);
    if (await publishKeyset(deps, current.keyset) === 'published') return;
    const set = await published.readPublishedKeys();
    const kids = new Set(set?.keys.map((key) => key.kid));
    // Another number, but its keys are public: a rotation between its two writes.
    if (kids.has(current.keyset.active.kid) && kids.has(current.keyset.next.kid) && !(set && hasOtherKeeper(set))) return;
    const renumbered = await withoutWithdrawnKeys(deps, current.keyset, set) ?? { ...current.keyset, version: (set?.version ?? current.keyset.version) + 1 };
    await replaceKeyset(deps, current, renumbered);
  }
  throw new UnavailableError('secrets', new Error('the signing keys keep changing'));
}

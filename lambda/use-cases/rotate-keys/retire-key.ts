import { Limits } from '../../../src/contract/limits';
import { auditEvent } from '../../domain/audit-events';
import { UnavailableError } from '../../domain/errors';
import { retireKey as withoutKey, signingKeyAt } from '../../domain/keyset';
import { parseSigningKeyset } from '../../domain/keyset-format';
import { listedKeys, signingOrder, withdrawnFrom } from '../../domain/listed-keys';
import { PublishedKey, PublishedKeySet, SigningKeyset } from '../../domain/model';
import { isListed, KeyOperationDeps, ListedKeyDeps, MAX_ROUNDS } from './deps';
import { replaceKeyset } from './replace-keyset';
import { readCurrent, Stored } from './stored-keyset';

/**
 * Emergency: the signing key `kid` and every token it signed are refused as soon as the verifiers' caches are renewed. An active key
 * is followed by `next`, which they know already. Repeat it until it answers: it goes on where it broke off.
 * `retired_before`: it was retired, so that whoever asks again because an answer was lost learns that it is done. `unknown_key`: neither the secret
 * nor the published set holds such a key, and none such is remembered as retired. `only_key`: it is the only one on a list that
 * somebody else keeps, and without it nobody could log in. `tooSoon`: what would sign next was published within a cache age, as after another
 * retirement just before; verifiers would refuse its tokens. Nothing was changed.
 */
export async function retireKey(deps: KeyOperationDeps | ListedKeyDeps, kid: string): Promise<Retirement> {
  return isListed(deps) ? retireListedKey(deps, kid) : retireOwnKey(deps, kid);
}

export type Retirement = 'retired' | 'retired_before' | 'unknown_key' | 'only_key' | TooSoon;

export interface TooSoon {
  /** Seconds until every verifier knows the key that would sign next. */
  readonly tooSoon: number;
}

async function retireListedKey(deps: ListedKeyDeps, kid: string): Promise<Retirement> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const published = await deps.published.readPublishedKeys();
    if (!published?.keys.some((key) => key.kid === kid)) return round === 0 ? goneBefore(kid, published) : retired(deps);
    const listed = listedKeys(published, deps.keeper);
    if (listed.length === 1 && listed[0]!.kid === kid) return 'only_key';
    const now = deps.clock.now();
    const early = round === 0 ? tooSoon(kid, signingOrder(listed, now)[0], signingOrder(listed.filter((key) => key.kid !== kid), now)[0], now) : undefined;
    if (early) return early;
    await deps.published.publish(withdrawnFrom(published, kid, deps.clock.now()));
    // Looked at once more, since a deployment may have published in between.
  }
  throw new UnavailableError('revocations', new Error('the published keys keep changing'));
}

async function retireOwnKey(deps: KeyOperationDeps, kid: string): Promise<Retirement> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const current = await readCurrent(deps, deps.settings.signingSecret, parseSigningKeyset);
    const published = await deps.published.readPublishedKeys();
    const remaining = await keysetWithout(deps, current, kid, published?.version);
    const isPublic = published?.keys.some((key) => key.kid === kid) ?? false;
    if (!remaining && !isPublic) return round === 0 ? goneBefore(kid, published) : retired(deps);
    const now = deps.clock.now();
    const early = round === 0 && published && remaining
      ? tooSoon(kid, signerOf(current.keyset, published, now), signerOf(remaining, published, now), now)
      : undefined;
    if (early) return early;
    // Of a keeper that the service used before: whatever is published next would take it along.
    const former = published?.keys.some((key) => key.kid === kid && key.keeper !== undefined) ? withdrawnFrom(published, kid, deps.clock.now()) : undefined;
    if (former) await deps.published.publish(former);
    // Public but not in the secret: left over from a rotation that broke off. The same keys under a higher number displace it.
    const keyset = remaining ?? { ...current.keyset, version: Math.max(current.keyset.version, (former ?? published)?.version ?? 0) + 1 };
    await replaceKeyset(deps, current, keyset, kid);
    // Looked at once more, since a rotation may have published or moved in between.
  }
  throw new UnavailableError('secrets', new Error('the signing keys keep changing'));
}

/** The key that signs with this keyset, as it is published. */
function signerOf(keyset: SigningKeyset, published: PublishedKeySet, now: number): PublishedKey | undefined {
  const signer = signingKeyAt(keyset, published, now);
  return published.keys.find((key) => key.kid === signer?.kid);
}

/** Whether another key would sign from now on that verifiers have known for less long than the one that signs now, and not all of them yet. */
function tooSoon(kid: string, signer: PublishedKey | undefined, next: PublishedKey | undefined, now: number): TooSoon | undefined {
  if (signer?.kid !== kid || next === undefined || next.publishedAt <= signer.publishedAt) return undefined;
  const left = next.publishedAt + Limits.KEYSET_CACHE_SECONDS * 1000 - now;
  return left > 0 ? { tooSoon: Math.ceil(left / 1000) } : undefined;
}

async function keysetWithout(
  deps: KeyOperationDeps,
  { keyset }: Stored<SigningKeyset>,
  kid: string,
  publishedVersion: number | undefined,
): Promise<SigningKeyset | undefined> {
  if (![keyset.active, keyset.next, ...keyset.retired].some((key) => key.kid === kid)) return undefined;
  const now = deps.clock.now();
  const newNext = await deps.factory.signingKey(deps.settings.algorithm, now);
  return withoutKey(keyset, kid, { newNext, publicJwkOf: deps.factory.publicJwk.bind(deps.factory), publishedVersion }, now);
}

function goneBefore(kid: string, published: PublishedKeySet | undefined): 'retired_before' | 'unknown_key' {
  return published?.withdrawn?.includes(kid) ? 'retired_before' : 'unknown_key';
}

function retired(deps: Pick<KeyOperationDeps, 'audit'>): 'retired' {
  deps.audit.record(auditEvent('keys_retired'));
  return 'retired';
}

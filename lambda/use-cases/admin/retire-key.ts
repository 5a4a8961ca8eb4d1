import { AuthError, UnavailableError } from '../../domain/errors';
import { publishedSet, retireKey as retireFromKeyset } from '../../domain/keyset';
import { parseSigningKeyset } from '../../domain/keyset-format';
import { SigningAlgorithm, SigningKeyset } from '../../domain/model';
import { Audit } from '../../ports/audit';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { KeyFactory, VersionedSecret } from '../../ports/keys';
import { PublishedKeyWriter, RevocationReader } from '../../ports/revocations';
import { KeySecrets } from '../settings';
import { audited } from '../steps/audited';

export interface RetireKeyDeps {
  readonly secrets: Pick<VersionedSecret, 'read' | 'put'>;
  readonly revocations: Pick<RevocationReader, 'readPublishedKeys'>;
  readonly publishedKeys: PublishedKeyWriter;
  readonly keyFactory: Pick<KeyFactory, 'signingKey' | 'publicJwk'>;
  readonly crypto: Pick<Crypto, 'sha256' | 'randomUuid'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly keySecrets: KeySecrets;
  /** Of the key that is made in place of the retired one. */
  readonly signingAlgorithm: SigningAlgorithm;
}

export interface RetireKeyInput {
  readonly kid: string;
}

/**
 * Emergency: refuses a signing key, and every token it signed, as soon as the verifiers' caches are old (KR-06). Published first, so that
 * a crash in between leaves a key that is refused, not one that is forgotten; the repeated call then completes it. Throws `not_found`
 * for a key that is in no set, and `conflict` when a rotation published at the same time.
 */
export async function retireKey(deps: RetireKeyDeps, input: RetireKeyInput): Promise<void> {
  return audited(deps, { success: 'keys_retired', refusal: 'admin_request_refused', reason: 'emergency' }, async () => {
    const keyset = await currentKeyset(deps);
    const published = await deps.revocations.readPublishedKeys();
    const now = deps.clock.now();
    const newNext = await deps.keyFactory.signingKey(deps.signingAlgorithm, now);
    const publicJwkOf: KeyFactory['publicJwk'] = (key) => deps.keyFactory.publicJwk(key);
    const changed = retireFromKeyset(keyset, input.kid, { newNext, publicJwkOf, publishedVersion: published?.version }, now);
    if (changed === undefined) throw new AuthError('not_found', { reason: 'kid_unknown' });
    const result = await deps.publishedKeys.publish(publishedSet(changed, published, publicJwkOf, now));
    if (result === 'newer_exists') throw new AuthError('conflict');
    await deps.secrets.put(deps.keySecrets.signingSecret, deps.crypto.randomUuid(), JSON.stringify(changed), ['AWSCURRENT']);
  });
}

async function currentKeyset(deps: RetireKeyDeps): Promise<SigningKeyset> {
  const current = await deps.secrets.read(deps.keySecrets.signingSecret, { stage: 'AWSCURRENT' });
  if (current === undefined) throw new UnavailableError('secrets');
  return parseSigningKeyset(current.value);
}

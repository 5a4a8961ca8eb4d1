import { auditEvent } from '../../domain/audit-events';
import { UnavailableError } from '../../domain/errors';
import { retireKey as withoutKey } from '../../domain/keyset';
import { parseSigningKeyset } from '../../domain/keyset-format';
import { SigningKeyset } from '../../domain/model';
import { KeyOperationDeps, MAX_ROUNDS } from './deps';
import { replaceKeyset } from './replace-keyset';
import { readCurrent, Stored } from './stored-keyset';

/**
 * Emergency: the signing key `kid` and every token it signed are refused as soon as the verifiers' caches are renewed. An active key
 * is followed by `next`, which they know already. Repeat it until it answers: it goes on where it broke off.
 * `unknown_key`: neither the secret nor the published set holds such a key (any more).
 */
export async function retireKey(deps: KeyOperationDeps, kid: string): Promise<'retired' | 'unknown_key'> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const current = await readCurrent(deps, deps.settings.signingSecret, parseSigningKeyset);
    const published = await deps.published.readPublishedKeys();
    const remaining = await keysetWithout(deps, current, kid, published?.version);
    const isPublic = published?.keys.some((key) => key.kid === kid) ?? false;
    if (!remaining && !isPublic) return round === 0 ? 'unknown_key' : retired(deps);
    // Public but not in the secret: left over from a rotation that broke off. The same keys under a higher number displace it.
    const keyset = remaining ?? { ...current.keyset, version: Math.max(current.keyset.version, published?.version ?? 0) + 1 };
    await replaceKeyset(deps, current, keyset);
    // Looked at once more, since a rotation may have published or moved in between.
  }
  throw new UnavailableError('secrets', new Error('the signing keys keep changing'));
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

function retired(deps: KeyOperationDeps): 'retired' {
  deps.audit.record(auditEvent('keys_retired'));
  return 'retired';
}

import { auditEvent } from '../../domain/audit-events';
import { UnavailableError } from '../../domain/errors';
import { listedSet } from '../../domain/listed-keys';
import { KeyListDeps, MAX_ROUNDS } from './deps';

/**
 * Makes the public halves of the listed keys the published set. Repeated without effect. Throws `KeyListError` when the list is none.
 */
export async function publishList(deps: KeyListDeps, keyArns: readonly string[] = []): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const previous = await deps.published.readPublishedKeys();
    // After the set: whoever publishes meanwhile has read the list as it was then, and is not overwritten with an older one.
    const keys = await deps.list.read(keyArns);
    const set = listedSet(keys, deps.keeper, previous, { accessTtlSeconds: deps.settings.accessTokenTtl, now: deps.clock.now() });
    if (!set) return;
    if (await deps.published.publish(set) === 'published') {
      deps.audit.record(auditEvent('keys_published', { reason: 'signing_keys' }));
      return;
    }
  }
  throw new UnavailableError('revocations', new Error('the published keys keep changing'));
}

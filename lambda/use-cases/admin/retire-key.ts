import { AuthError } from '../../domain/errors';
import { KeyOperationDeps } from '../rotate-keys/deps';
import { retireKey as retire } from '../rotate-keys/retire-key';
import { audited } from '../steps/audited';

export interface RetireKeyInput {
  readonly kid: string;
}

/**
 * Emergency: a signing key and every token it signed are refused as soon as the verifiers' caches are renewed (KR-06). Throws `not_found`
 * for a key that is in no set. The retirement itself leaves the event `keys_retired`.
 */
export async function retireKey(deps: KeyOperationDeps, input: RetireKeyInput): Promise<void> {
  return audited(deps, { success: undefined, refusal: 'admin_request_refused' }, async () => {
    if ((await retire(deps, input.kid)) === 'unknown_key') throw new AuthError('not_found', { reason: 'kid_unknown' });
  });
}

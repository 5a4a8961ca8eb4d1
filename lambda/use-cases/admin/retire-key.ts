import { AuthError } from '../../domain/errors';
import { KeyOperationDeps, ListedKeyDeps } from '../rotate-keys/deps';
import { retireKey as retire } from '../rotate-keys/retire-key';
import { audited } from '../steps/audited';

export interface RetireKeyInput {
  readonly kid: string;
}

export interface RetireKeyOutput {
  /** `retired_before`: by an earlier call. */
  readonly retirement: 'retired' | 'retired_before';
}

const TOO_SOON = 'The key that would sign next was published less than a minute ago, and verifiers may not know it yet. Nothing was changed: repeat this after retryAfter seconds.';

/**
 * Emergency: a signing key and every token it signed are refused as soon as the verifiers' caches are renewed (KR-06). Throws `not_found`
 * for a key that is in no set, `validation_failed` for the only one of a list that somebody else keeps, `conflict` with `retryAfter`
 * while verifiers do not know the key that would follow. The retirement itself leaves the event `keys_retired`; one that is repeated
 * because an answer was lost leaves none and is told that it is done.
 */
export async function retireKey(deps: KeyOperationDeps | ListedKeyDeps, input: RetireKeyInput): Promise<RetireKeyOutput> {
  return audited(deps, { success: undefined, refusal: 'admin_request_refused' }, async () => {
    const retirement = await retire(deps, input.kid);
    if (typeof retirement === 'object') {
      throw new AuthError('conflict', { reason: 'successor_too_young', retryAfter: retirement.tooSoon, detail: TOO_SOON });
    }
    switch (retirement) {
      case 'unknown_key':
        throw new AuthError('not_found', { reason: 'kid_unknown' });
      case 'only_key':
        throw new AuthError('validation_failed', { reason: 'only_key', detail: 'No other key can sign: add one and publish it, then retire this one.' });
      default:
        return { retirement };
    }
  });
}

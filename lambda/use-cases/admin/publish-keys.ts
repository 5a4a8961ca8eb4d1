import { AuthError } from '../../domain/errors';
import { KeyListError } from '../../domain/listed-keys';
import { KeyListDeps, KeyOperationDeps, ListedKeyDeps } from '../rotate-keys/deps';
import { publishList } from '../rotate-keys/published-list';
import { audited } from '../steps/audited';

/**
 * Publishes the keys of the secret that the team fills, after a change of it. Throws `validation_failed` when the secret holds no list of keys,
 * and where there is no such secret: the service publishes its own keys by itself, and those of KMS at a deployment.
 */
export async function publishKeys(deps: KeyOperationDeps | ListedKeyDeps | KeyListDeps): Promise<void> {
  return audited(deps, { success: undefined, refusal: 'admin_request_refused' }, async () => {
    if (!('list' in deps)) {
      throw new AuthError('validation_failed', { reason: 'no_list', detail: 'Only with SigningKeys.existingSecret(): other keys are published without being asked.' });
    }
    try {
      await publishList(deps);
    } catch (error) {
      if (!(error instanceof KeyListError)) throw error;
      throw new AuthError('validation_failed', { reason: 'list_refused', detail: `${error.message}.`, cause: error });
    }
  });
}

import { AuthError } from '../../domain/errors';
import { KeyOperationDeps } from './deps';

export type RotatedSecret = 'signing' | 'refresh' | 'origin';

/**
 * Asks Secrets Manager for a rotation now; it runs by itself afterwards. One that broke off is gone on with instead (`resumed`): it
 * heals what it finds and ends with new keys just the same. Throws `not_found` where there is no such secret.
 */
export async function rotateNow(deps: Pick<KeyOperationDeps, 'secrets' | 'settings'>, keys: RotatedSecret): Promise<'started' | 'resumed'> {
  const { secrets, settings } = deps;
  const { signingSecret: signing, refreshSecret: refresh, originSecret: origin } = settings;
  const secretId = { signing, refresh, origin }[keys];
  if (secretId === undefined) throw new AuthError('not_found', { detail: 'This service has no origin secret, or the function was not given it.', reason: 'no_such_secret' });
  return await secrets.startRotation(secretId) === 'started' ? 'started' : 'resumed';
}

import { KeyOperationDeps } from './deps';

/**
 * Asks Secrets Manager for a rotation now; it runs by itself afterwards. One that broke off is gone on with instead (`resumed`): it
 * heals what it finds and ends with new keys just the same.
 */
export async function rotateNow(deps: Pick<KeyOperationDeps, 'secrets' | 'settings'>, keys: 'signing' | 'refresh'): Promise<'started' | 'resumed'> {
  const { secrets, settings } = deps;
  const secretId = keys === 'signing' ? settings.signingSecret : settings.refreshSecret;
  return await secrets.startRotation(secretId) === 'started' ? 'started' : 'resumed';
}

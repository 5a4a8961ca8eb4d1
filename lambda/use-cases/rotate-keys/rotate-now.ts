import { AuthError } from '../../domain/errors';
import { CommonKeySettings, KeyOperationDeps } from './deps';

export interface RotationDeps extends Pick<KeyOperationDeps, 'secrets'> {
  readonly settings: CommonKeySettings & Partial<Pick<KeyOperationDeps['settings'], 'signingSecret'>>;
}

export type RotatedSecret = 'signing' | 'refresh' | 'origin';

const ABSENT: Readonly<Partial<Record<RotatedSecret, string>>> = {
  signing: 'The signing keys do not rotate by themselves: whoever keeps them changes their list.',
  origin: 'This service has no origin secret, or the function was not given it.',
};

/**
 * Asks Secrets Manager for a rotation now; it runs by itself afterwards. One that broke off is gone on with instead (`resumed`): it
 * heals what it finds and ends with new keys just the same. Throws `not_found` where there is no such secret.
 */
export async function rotateNow(deps: RotationDeps, keys: RotatedSecret): Promise<'started' | 'resumed'> {
  const { secrets, settings } = deps;
  const { signingSecret: signing, refreshSecret: refresh, originSecret: origin } = settings;
  const secretId = { signing, refresh, origin }[keys];
  if (secretId === undefined) throw new AuthError('not_found', { detail: ABSENT[keys], reason: 'no_such_secret' });
  return await secrets.startRotation(secretId) === 'started' ? 'started' : 'resumed';
}

import { UnavailableError } from '../../domain/errors';
import { CURRENT, KeyOperationDeps, PENDING } from './deps';

/**
 * Asks Secrets Manager for a rotation now. One that hangs (its AWSPENDING left behind) is given up for it: its next step will find
 * its version not pending any more and end.
 */
export async function rotateNow(deps: Pick<KeyOperationDeps, 'secrets' | 'settings'>, keys: 'signing' | 'refresh'): Promise<void> {
  const { secrets, settings } = deps;
  const secretId = keys === 'signing' ? settings.signingSecret : settings.refreshSecret;
  if (await secrets.startRotation(secretId) === 'started') return;
  const { stages } = await secrets.describe(secretId);
  const hanging = [...stages].find(([, labels]) => labels.includes(PENDING) && !labels.includes(CURRENT))?.[0];
  if (hanging !== undefined) await secrets.moveStage(secretId, PENDING, undefined, hanging);
  if (await secrets.startRotation(secretId) !== 'started') {
    throw new UnavailableError('secrets', new Error('a rotation is in progress'));
  }
}

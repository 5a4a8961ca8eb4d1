import { Audit } from '../../ports/audit';
import { Crypto } from '../../ports/crypto';
import { VersionedSecret } from '../../ports/keys';
import { KeySecrets } from '../settings';
import { audited } from '../steps/audited';

export interface RotateNowDeps {
  readonly secrets: Pick<VersionedSecret, 'startRotation'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly audit: Audit;
  readonly keySecrets: KeySecrets;
}

export interface RotateNowInput {
  readonly keys: 'signing' | 'refresh';
}

/** Starts the usual rotation ahead of its schedule; it runs on its own. */
export async function rotateNow(deps: RotateNowDeps, input: RotateNowInput): Promise<void> {
  return audited(deps, { success: 'admin_rotation_started', refusal: 'admin_request_refused', reason: input.keys }, async () => {
    await deps.secrets.startRotation(input.keys === 'signing' ? deps.keySecrets.signingSecret : deps.keySecrets.refreshSecret);
  });
}

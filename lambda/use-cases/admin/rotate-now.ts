import { Audit } from '../../ports/audit';
import { Crypto } from '../../ports/crypto';
import { rotateNow as startRotation, RotatedSecret, RotationDeps } from '../rotate-keys/rotate-now';
import { audited } from '../steps/audited';

export interface RotateNowDeps extends RotationDeps {
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly audit: Audit;
}

export interface RotateNowInput {
  readonly keys: RotatedSecret;
}

export interface RotateNowOutput {
  /** `resumed`: an earlier rotation had broken off and goes on. */
  readonly rotation: 'started' | 'resumed';
}

/** Starts the usual rotation ahead of its schedule; it runs on its own. Throws `not_found`. */
export async function rotateNow(deps: RotateNowDeps, input: RotateNowInput): Promise<RotateNowOutput> {
  return audited(deps, { success: 'admin_rotation_started', refusal: 'admin_request_refused', reason: input.keys }, async () => {
    return { rotation: await startRotation(deps, input.keys) };
  });
}

import { accountAttemptKey } from '../../domain/attempts';
import { canonicalEmail } from '../../domain/email';
import { AttemptStore } from '../../ports/attempts';
import { Audit } from '../../ports/audit';
import { Crypto } from '../../ports/crypto';
import { audited } from '../steps/audited';
import { invalidEmail } from '../steps/invalid-email';

export interface UnlockUserDeps {
  readonly attempts: Pick<AttemptStore, 'clear'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly audit: Audit;
}

export interface UnlockUserInput {
  readonly email: string;
}

/** Forgets the failed attempts at an address, known or not. Counters of known devices run out by themselves. Throws `validation_failed`. */
export async function unlockUser(deps: UnlockUserDeps, input: UnlockUserInput): Promise<void> {
  return audited(deps, { success: 'admin_user_unlocked', refusal: 'admin_request_refused' }, async () => {
    const email = canonicalEmail(input.email);
    if (email === undefined) throw invalidEmail();
    await deps.attempts.clear(accountAttemptKey(deps.crypto, email));
  });
}

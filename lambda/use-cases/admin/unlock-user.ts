import { canonicalEmail } from '../../domain/email';
import { Audit } from '../../ports/audit';
import { audited } from '../steps/audited';
import { ForgetFailuresDeps, forgetFailures } from '../steps/forget-failures';
import { invalidEmail } from '../steps/invalid-email';

export interface UnlockUserDeps extends ForgetFailuresDeps {
  readonly audit: Audit;
}

export interface UnlockUserInput {
  readonly email: string;
}

/** Forgets the failed attempts at an address, known or not, those of a stopped device included. Throws `validation_failed`. */
export async function unlockUser(deps: UnlockUserDeps, input: UnlockUserInput): Promise<void> {
  return audited(deps, { success: 'admin_user_unlocked', refusal: 'admin_request_refused' }, async () => {
    const email = canonicalEmail(input.email);
    if (email === undefined) throw invalidEmail();
    await forgetFailures(deps, email);
  });
}

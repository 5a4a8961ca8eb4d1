import { accountCounter } from '../../domain/attempts';
import { canonicalEmail } from '../../domain/email';
import { AttemptStore } from '../../ports/attempts';
import { Audit } from '../../ports/audit';
import { Crypto } from '../../ports/crypto';
import { Lookup } from '../../ports/lookup';
import { audited } from '../steps/audited';
import { counterKey } from '../steps/counter-key';
import { invalidEmail } from '../steps/invalid-email';

export interface UnlockUserDeps {
  readonly attempts: Pick<AttemptStore, 'clear'>;
  readonly lookup: Pick<Lookup, 'digest'>;
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
    const counter = accountCounter(email);
    await deps.attempts.clear(await counterKey(deps, counter));
    // Of a release before the lookup secret: a stop that stands there is honoured too.
    if (counter.unkeyedName !== undefined) await deps.attempts.clear(deps.crypto.sha256(counter.unkeyedName));
  });
}

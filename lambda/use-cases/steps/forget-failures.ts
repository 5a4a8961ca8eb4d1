import { accountCounter } from '../../domain/attempts';
import { AttemptStore } from '../../ports/attempts';
import { Crypto } from '../../ports/crypto';
import { Lookup } from '../../ports/lookup';
import { counterKey } from './counter-key';

export interface ForgetFailuresDeps {
  readonly attempts: Pick<AttemptStore, 'clear'>;
  readonly lookup: Pick<Lookup, 'digest'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
}

/** Forgets the attempts at an address, known or not: hour, lock and run. A known device that was stopped goes by them too. */
export async function forgetFailures(deps: ForgetFailuresDeps, email: string): Promise<void> {
  const counter = accountCounter(email);
  await deps.attempts.clear(await counterKey(deps, counter));
  // Of a release before the lookup secret: a stop that stands there is honoured too.
  if (counter.unkeyedName !== undefined) await deps.attempts.clear(deps.crypto.sha256(counter.unkeyedName));
}

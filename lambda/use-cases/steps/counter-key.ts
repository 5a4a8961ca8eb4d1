import { accountCounter, Counter } from '../../domain/attempts';
import { Crypto } from '../../ports/crypto';
import { Lookup } from '../../ports/lookup';

/** Key of a counter in the table. */
export function counterKey({ lookup }: { readonly lookup: Pick<Lookup, 'digest'> }, { name }: Counter): Promise<string> {
  return lookup.digest('attempts', name);
}

export interface AccountCounterDeps {
  readonly lookup: Pick<Lookup, 'digest' | 'unkeyedBefore'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
}

/** Keys of whatever may lock or stop an account: its counter, and the one of a release before the lookup secret, whose stop is honoured too. */
export async function accountCounterKeys(deps: AccountCounterDeps, email: string): Promise<string[]> {
  const counter = accountCounter(email);
  const former = counter.unkeyedName !== undefined && await deps.lookup.unkeyedBefore() ? [deps.crypto.sha256(counter.unkeyedName)] : [];
  return [await counterKey(deps, counter), ...former];
}

import { Counter } from '../../domain/attempts';
import { Lookup } from '../../ports/lookup';

/** Key of a counter in the table. */
export function counterKey({ lookup }: { readonly lookup: Pick<Lookup, 'digest'> }, { name }: Counter): Promise<string> {
  return lookup.digest('attempts', name);
}

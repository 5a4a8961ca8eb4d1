import { RefreshKey } from '../../domain/model';
import { RefreshKeys, TokenSigner } from '../../ports/keys';
import { Lookup } from '../../ports/lookup';

export interface LoadKeysDeps {
  readonly refreshKeys: Pick<RefreshKeys, 'current'>;
  readonly signer: Pick<TokenSigner, 'ready'>;
  readonly lookup: Pick<Lookup, 'ready'>;
}

/** All kinds of keys, before anything is written: an outage of the key store must leave no half-made session and no counted attempt (T32). */
export async function loadKeys(deps: LoadKeysDeps): Promise<RefreshKey> {
  const [refreshKey] = await Promise.all([deps.refreshKeys.current(), deps.signer.ready(), deps.lookup.ready()]);
  return refreshKey;
}

import { parseJsonObject } from '../../domain/encoding';
import { UnavailableError } from '../../domain/errors';
import { CommonKeyDeps, CURRENT } from './deps';

/** Where a keyset came from. Stands beside it in the secret's value; readers of keysets pass it over. */
export interface Origin {
  /** `ClientRequestToken` of the rotation that it was made for. */
  readonly rotation?: string;
  /** Version of the secret that it was made from: when that is not AWSCURRENT any more, it has lost a change. */
  readonly base?: string;
}

export interface Stored<K> {
  readonly versionId: string;
  readonly keyset: K;
  readonly origin: Origin;
}

/** Reads a version; `undefined` if it is not there or was never filled. */
export async function readStored<K>(
  deps: Pick<CommonKeyDeps, 'secrets'>,
  secretId: string,
  which: { readonly stage: string } | { readonly versionId: string },
  parse: (json: string) => K,
): Promise<Stored<K> | undefined> {
  const secret = await deps.secrets.read(secretId, which);
  if (!secret) return undefined;
  return { versionId: secret.versionId, keyset: parse(secret.value), origin: originOf(secret.value) };
}

/** The keyset in use. There is one from the deployment on. */
export async function readCurrent<K>(deps: Pick<CommonKeyDeps, 'secrets'>, secretId: string, parse: (json: string) => K): Promise<Stored<K>> {
  const current = await readStored(deps, secretId, { stage: CURRENT }, parse);
  if (!current) throw new UnavailableError('secrets', new Error('the secret holds no keyset yet'));
  return current;
}

export function serialise(keyset: object, origin: Origin): string {
  return JSON.stringify({ ...keyset, ...origin });
}

function originOf(json: string): Origin {
  const { rotation, base } = parseJsonObject(json) ?? {};
  return {
    ...(typeof rotation === 'string' ? { rotation } : {}),
    ...(typeof base === 'string' ? { base } : {}),
  };
}

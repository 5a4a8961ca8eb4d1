import { publishedSet, retireKey } from '../../domain/keyset';
import { withdrawnKids, withFormerKeys } from '../../domain/listed-keys';
import { PublishedKeySet, SigningKeyset } from '../../domain/model';
import { KeyOperationDeps } from './deps';

type Deps = Pick<KeyOperationDeps, 'published' | 'factory' | 'clock' | 'settings'>;

/** Whether the published set is the public half of this keyset. */
export function isPublished(keyset: SigningKeyset, published: PublishedKeySet | undefined): boolean {
  return published?.version === keyset.version && publishes(keyset, published);
}

/**
 * Whether the keyset can still be published: nothing newer stands there, nor something else under its number. A keyset that cannot
 * has lost a change and is made again.
 */
export function isPublishable(keyset: SigningKeyset, published: PublishedKeySet | undefined): boolean {
  return !published || published.version < keyset.version || isPublished(keyset, published);
}

/**
 * Makes the public half of the keyset the published set; repeated without effect. `withdrawn`: the key that an emergency takes out with it.
 * `superseded`: see `isPublishable`.
 */
export async function publishKeyset(deps: Deps, keyset: SigningKeyset, withdrawn?: string): Promise<'published' | 'superseded'> {
  const previous = await deps.published.readPublishedKeys();
  if (isPublished(keyset, previous)) return 'published';
  if (!isPublishable(keyset, previous)) return 'superseded';
  const now = deps.clock.now();
  const own = publishedSet(keyset, previous, deps.factory.publicJwk.bind(deps.factory), now);
  const set = {
    ...withFormerKeys(own, previous, { accessTtlSeconds: deps.settings.accessTokenTtl, now }),
    ...(withdrawn === undefined ? {} : { withdrawn: withdrawnKids(previous, withdrawn) }),
  };
  if (await deps.published.publish(set) === 'published') return 'published';
  // Two invocations that publish the same keyset differ in nothing but the time.
  return isPublished(keyset, await deps.published.readPublishedKeys()) ? 'published' : 'superseded';
}

/**
 * The keyset without the keys that an emergency has already taken out of the published set while the secret still holds them:
 * whatever is published next must not bring them back. `undefined` when there are none, and when no key of the keyset is
 * published, for then the two do not belong together (a restored table, a new secret) and the secret counts.
 */
export async function withoutWithdrawnKeys(
  deps: Deps,
  keyset: SigningKeyset,
  published: PublishedKeySet | undefined,
): Promise<SigningKeyset | undefined> {
  if (!published || published.version <= keyset.version) return undefined;
  const now = deps.clock.now();
  const kids = new Set(published.keys.map((key) => key.kid));
  const own = [keyset.active, keyset.next, ...keyset.retired.filter((key) => key.removeAt > now)];
  const belongs = kids.has(keyset.active.kid) || kids.has(keyset.next.kid);
  const withdrawn = own.filter((key) => published.withdrawn?.includes(key.kid) || (belongs && !kids.has(key.kid)));
  if (withdrawn.length === 0) return undefined;
  const publicJwkOf = deps.factory.publicJwk.bind(deps.factory);
  let remaining = keyset;
  for (const { kid } of withdrawn) {
    const newNext = await deps.factory.signingKey(deps.settings.algorithm, now);
    remaining = retireKey(remaining, kid, { newNext, publicJwkOf, publishedVersion: published.version }, now) ?? remaining;
  }
  return remaining;
}

function publishes(keyset: SigningKeyset, published: PublishedKeySet): boolean {
  const states = new Map(published.keys.map((key) => [key.kid, key.state]));
  return states.get(keyset.active.kid) === 'active' && states.get(keyset.next.kid) === 'next'
    && published.keys.every((key) => key.keeper !== undefined || key.state !== 'retired' || keyset.retired.some((retired) => retired.kid === key.kid))
    && !hasOtherKeeper(published);
}

/** Whether keys that this service does not make may sign: the set is of before, or of a deployment that was taken back. */
export function hasOtherKeeper(published: PublishedKeySet): boolean {
  return published.keys.some((key) => key.keeper !== undefined && key.state !== 'retired');
}

import { UnavailableError } from '../../domain/errors';
import { PublishedKey } from '../../domain/model';
import { Clock } from '../../ports/clock';
import { VerificationKeys } from '../../ports/keys';
import { RevocationReader } from '../../ports/revocations';
import { PUBLISHED_AGES, RELOAD_COOLDOWN_MS } from './ages';
import { CachedValue, Cooldown } from './cached-value';

const DEPENDENCY = 'signing-keys';

/** The published public keys, cached as long as signers count on. A Map: no kid reaches a prototype (JT-03). */
export class PublishedVerificationKeys implements VerificationKeys {
  private readonly keys: CachedValue<ReadonlyMap<string, PublishedKey>>;
  private readonly unknownKid: Cooldown;

  constructor(store: Pick<RevocationReader, 'readPublishedKeys'>, private readonly clock: Clock) {
    const load = async (): Promise<ReadonlyMap<string, PublishedKey>> => {
      const set = await store.readPublishedKeys();
      // Nothing published is an installation that is not finished, not a bad token.
      if (!set) throw new UnavailableError(DEPENDENCY, new Error('no key set was published'));
      return new Map(set.keys.map((key) => [key.kid, key]));
    };
    this.keys = new CachedValue(load, clock, PUBLISHED_AGES, DEPENDENCY);
    this.unknownKid = new Cooldown(clock, RELOAD_COOLDOWN_MS);
  }

  /** Loads the set, so that the first call need not. */
  async ready(): Promise<void> {
    await this.keys.get();
  }

  async find(kid: string): Promise<PublishedKey | undefined> {
    const known = this.live((await this.keys.get()).get(kid));
    if (known) return known;
    // An old set stands in for a table that is down: it says nothing about a key that is younger.
    if (this.keys.stale) throw new UnavailableError(DEPENDENCY);
    if (!this.unknownKid.pass()) return undefined;
    try {
      return this.live((await this.keys.reload()).get(kid));
    } catch (error) {
      throw new UnavailableError(DEPENDENCY, error);
    }
  }

  /** A retired key verifies until its time is over, also while nobody has written a new set without it. */
  private live(key: PublishedKey | undefined): PublishedKey | undefined {
    return key?.removeAt !== undefined && key.removeAt <= this.clock.now() ? undefined : key;
  }
}

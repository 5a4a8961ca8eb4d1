import { UnavailableError } from '../../domain/errors';
import { PublishedKeySet } from '../../domain/model';
import { Clock } from '../../ports/clock';
import { OfferedKeys } from '../../ports/keys';
import { RevocationReader } from '../../ports/revocations';
import { OFFERED_AGES } from './ages';
import { CachedValue } from './cached-value';

const DEPENDENCY = 'signing-keys';

/** The published set for whoever verifies elsewhere: how many ask costs the table nothing, and an outage of it does not reach them. */
export class CachedOfferedKeys implements OfferedKeys {
  private readonly keys: CachedValue<{ readonly set: PublishedKeySet; readonly readAt: number }>;

  constructor(store: Pick<RevocationReader, 'readPublishedKeys'>, clock: Clock) {
    const load = async () => {
      const readAt = clock.now();
      const set = await store.readPublishedKeys();
      // Nothing published is an installation that is not finished, not a service without keys.
      if (!set) throw new UnavailableError(DEPENDENCY, new Error('no key set was published'));
      return { set, readAt };
    };
    this.keys = new CachedValue(load, clock, OFFERED_AGES, DEPENDENCY);
  }

  latest(): Promise<{ readonly set: PublishedKeySet; readonly readAt: number }> {
    return this.keys.get();
  }
}

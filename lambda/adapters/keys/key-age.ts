import { Metrics } from '../../../src/contract/metrics';
import type { Clock } from '../../ports/clock';
import type { Gauges } from '../../ports/gauges';
import type { RevocationReader } from '../../ports/revocations';

type PublishedKeys = Pick<RevocationReader, 'readPublishedKeys'>;

/**
 * Reads the published keys and reports how long ago the newest of them was published. Each rotation publishes one, so an age above the
 * period is a rotation that did not happen: a rotation that nobody starts writes no event that an alarm could count.
 */
export function withKeyAge(published: PublishedKeys, gauges: Gauges, clock: Clock): PublishedKeys {
  return {
    readPublishedKeys: async () => {
      const set = await published.readPublishedKeys();
      if (set && set.keys.length > 0) {
        const newest = Math.max(...set.keys.map(({ publishedAt }) => publishedAt));
        gauges.report(Metrics.SIGNING_KEY_AGE, Math.max(0, Math.round((clock.now() - newest) / 1000)));
      }
      return set;
    },
  };
}

import { describeAttemptStore } from './attempts';
import { describeHourlyCounters } from './hourly-counters';
import { describePublishedKeys, describeRevocationStore } from './revocations';
import { describeSessionStore } from './sessions';
import { MakeStores } from './stores';
import { describeTicketStore } from './tickets';
import { describeUserStore } from './users';

export {
  describeAttemptStore, describeHourlyCounters, describePublishedKeys, describeRevocationStore, describeSessionStore, describeTicketStore, describeUserStore,
};
export type { MakeStores, Stores } from './stores';

/** Every suite of the store ports. `makeStores` gives stores over empty tables. */
export function describeStores(name: string, makeStores: MakeStores): void {
  describeUserStore(name, makeStores);
  describeSessionStore(name, makeStores);
  describeRevocationStore(name, makeStores);
  describePublishedKeys(name, makeStores);
  describeAttemptStore(name, makeStores);
  describeHourlyCounters(name, makeStores);
  describeTicketStore(name, makeStores);
}

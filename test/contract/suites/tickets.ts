import { Ticket } from '../../../lambda/domain/model';
import { HOUR, MakeStores, START, Stores, unique } from './stores';

/** What every `TicketStore` holds. How a ticket is consumed is part of the `UserStore` suite. */
export function describeTicketStore(name: string, makeStores: MakeStores): void {
  describe(`TicketStore of ${name}`, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeStores();
    });

    test('gives back what was created, expired or not (T15)', async () => {
      for (const expiresAt of [START - HOUR, START + HOUR]) {
        const ticket: Ticket = { hash: unique('hash-'), kind: 'invitation', email: 'a@example.com', scopes: [], expiresAt };
        await stores.tickets.create(ticket);
        expect(await stores.tickets.read(ticket.hash)).toEqual(ticket);
      }
    });

    test('keeps the first of two with one hash: the second is the same call repeated', async () => {
      const ticket: Ticket = { hash: unique('hash-'), kind: 'invitation', email: 'a@example.com', scopes: [], expiresAt: START + HOUR };
      await stores.tickets.create(ticket);
      await stores.tickets.create({ ...ticket, email: 'b@example.com' });
      expect(await stores.tickets.read(ticket.hash)).toEqual(ticket);
    });

    test('knows nothing of other hashes', async () => {
      expect(await stores.tickets.read(unique('nobody'))).toBeUndefined();
    });
  });
}

import { Ticket } from '../../domain/model';
import { TicketStore } from '../../ports/tickets';
import { MemoryTables } from './tables';

export class MemoryTicketStore implements TicketStore {
  constructor(private readonly tables: MemoryTables) {}

  create(ticket: Ticket): Promise<void> {
    return this.tables.call(() => {
      // Of as many random bits that one which is there is this very call, repeated after its response was lost.
      if (!this.tables.tickets.has(ticket.hash)) this.tables.tickets.set(ticket.hash, ticket);
    });
  }

  read(hash: string): Promise<Ticket | undefined> {
    return this.tables.call(() => this.tables.tickets.get(hash));
  }
}

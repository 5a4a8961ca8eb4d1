import { Ticket } from '../domain/model';

/** One-time secrets by their hash. Consumed only inside the transaction that they allow. Throws `UnavailableError('tickets')`. */
export interface TicketStore {
  create(ticket: Ticket): Promise<void>;
  read(hash: string): Promise<Ticket | undefined>;
}

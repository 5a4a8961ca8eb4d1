import { Ticket } from '../domain/model';

/** One-time secrets by their hash. Consumed only inside the transaction that they allow. Throws `UnavailableError('tickets')`. */
export interface TicketStore {
  create(ticket: Ticket): Promise<void>;
  /** `unknown_kind`: a later release made it, for something that this one does not do. */
  read(hash: string): Promise<Ticket | 'unknown_kind' | undefined>;
}

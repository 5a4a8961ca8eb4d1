import { TicketsTable } from '../../../src/contract/tables';
import { Ticket } from '../../domain/model';
import { TicketStore } from '../../ports/tickets';
import { Calls } from './calls';
import { DynamoDb } from './client';
import { FORMAT_VERSION, ItemReader } from './item-reader';

const DEPENDENCY = 'tickets';
/** The item outlives its ticket, so that no clock ahead of ours sweeps a live one. */
const SWEEP_AFTER_SECONDS = 86400;

export class DynamoTicketStore implements TicketStore {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly table: string) {
    this.calls = new Calls(db, DEPENDENCY);
  }

  async create(ticket: Ticket): Promise<void> {
    // The hash is of 128 random bits or more: an item that is there is this very call, repeated after its response was lost.
    await this.calls.put({
      TableName: this.table,
      Item: { ...ticket, v: FORMAT_VERSION, [TicketsTable.TTL]: Math.ceil(ticket.expiresAt / 1000) + SWEEP_AFTER_SECONDS },
      ConditionExpression: 'attribute_not_exists(#hash)',
      ExpressionAttributeNames: { '#hash': TicketsTable.PARTITION_KEY },
    });
  }

  async read(hash: string): Promise<Ticket | 'unknown_kind' | undefined> {
    const item = await this.calls.get(this.table, { [TicketsTable.PARTITION_KEY]: hash });
    if (!item) return undefined;
    const reader = new ItemReader(item, DEPENDENCY);
    const kind = reader.text('kind');
    if (kind !== 'invitation') return 'unknown_kind';
    return {
      hash: reader.text('hash'),
      kind,
      email: reader.text('email'),
      scopes: reader.list('scopes', 'string'),
      expiresAt: reader.number('expiresAt'),
    };
  }
}

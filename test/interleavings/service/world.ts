import type { Alteration } from '../dynamodb/dynamodb';
import { DynamoDb } from '../dynamodb/dynamodb';
import type { World } from '../engine/run';
import { Secrets } from './secrets';
import { LOOKUP_SECRET, REFRESH_SECRET, SIGNING_SECRET } from './settings';

/** All that the service keeps. */
export class Stores implements World {
  private constructor(readonly dynamodb: DynamoDb, readonly secrets: Secrets) {}

  static empty(): Stores {
    return new Stores(new DynamoDb(), new Secrets(SIGNING_SECRET, REFRESH_SECRET, LOOKUP_SECRET));
  }

  copy(): Stores {
    return new Stores(this.dynamodb.copy(), this.secrets.copy());
  }

  /** A copy whose writes are held to other conditions. */
  altered(alter: Alteration | undefined): Stores {
    return new Stores(this.dynamodb.copy(alter), this.secrets.copy());
  }

  state(): string {
    return `${this.dynamodb.state()}\n${this.secrets.state()}`;
  }

  sweep(now: number): readonly string[] {
    return this.dynamodb.sweep(now);
  }

  execute(service: string, command: string, input: unknown): object {
    return service === 'dynamodb' ? this.dynamodb.execute(command, input) : this.secrets.execute(command, input);
  }
}

const READS = ['GetCommand', 'BatchGetCommand', 'QueryCommand', 'GetSecretValueCommand', 'DescribeSecretCommand'];

export function isRead(command: string): boolean {
  return READS.includes(command);
}

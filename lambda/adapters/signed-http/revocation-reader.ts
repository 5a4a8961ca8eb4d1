import { UnavailableError } from '../../domain/errors';
import { PublishedKeySet, Revocations } from '../../domain/model';
import { RevocationReader } from '../../ports/revocations';
import { decodeItem } from '../dynamodb/attribute-values';
import { publishedKeysKey, publishedKeysOf, REVOCATIONS_DEPENDENCY, revocationsOf, userRevocationsKey } from '../dynamodb/revocation-format';
import { DynamoDbTransport } from './dynamodb-transport';

type Item = Readonly<Record<string, unknown>>;

const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 25;

/** Client errors that pass by themselves; every other 4xx is the same at the next try. */
const PASSING = /(?:ProvisionedThroughputExceeded|Throttling|RequestLimitExceeded|TransactionInProgress|LimitExceeded|InternalServerError)/;

/** The authorizer's `RevocationReader`: one strong GetItem without the SDK. The same items and the same meaning as `DynamoRevocationStore`. */
export class SignedHttpRevocationReader implements RevocationReader {
  constructor(
    private readonly transport: Pick<DynamoDbTransport, 'call'>,
    private readonly table: string,
    private readonly pause: (milliseconds: number) => Promise<void> = sleep,
  ) {}

  async readRevocations(uid: string): Promise<Revocations> {
    return revocationsOf(await this.get(userRevocationsKey(uid)));
  }

  async readPublishedKeys(): Promise<PublishedKeySet | undefined> {
    return publishedKeysOf(await this.get(publishedKeysKey));
  }

  private async get(key: Readonly<Record<string, string>>): Promise<Item | undefined> {
    const input = { TableName: this.table, Key: Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }])), ConsistentRead: true };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(input);
      } catch (error) {
        if (error instanceof Definite || attempt === MAX_ATTEMPTS) throw new UnavailableError(REVOCATIONS_DEPENDENCY, error);
        await this.pause(FIRST_PAUSE_MS * attempt);
      }
    }
  }

  private async attempt(input: object): Promise<Item | undefined> {
    const { status, body } = await this.transport.call('GetItem', input);
    if (status === 200) return itemOf(body);
    const type = typeOf(body);
    const error = `dynamodb: status ${status} ${type}`;
    throw status >= 500 || status === 429 || PASSING.test(type) ? new Error(error) : new Definite(error);
  }
}

/** A refusal that no second try changes: denied access, a missing table. Still no answer about the user. */
class Definite extends Error {
  override readonly name = 'DynamoDbRefusal';
}

/** `{}` says that there is no such item; anything that is no object of this shape says nothing. */
function itemOf(body: string): Item | undefined {
  const answer: unknown = JSON.parse(body);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw new Error('dynamodb: the answer is no object');
  const { Item: item } = answer as { Item?: unknown };
  if (item === undefined) return undefined;
  if (typeof item !== 'object' || item === null) throw new Error('dynamodb: the item is no object');
  return decodeItem(item as Item);
}

function typeOf(body: string): string {
  return /"__type"\s*:\s*"(?:[^"]*#)?(\w{1,80})"/.exec(body)?.[1] ?? '';
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

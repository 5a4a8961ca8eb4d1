import { UnavailableError } from '../../domain/errors';
import { PublishedKeySet, Revocations } from '../../domain/model';
import { RevocationReader } from '../../ports/revocations';
import { decodeItem } from '../dynamodb/attribute-values';
import { publishedKeysKey, publishedKeysOf, REVOCATIONS_DEPENDENCY, revocationsOf, userRevocationsKey } from '../dynamodb/revocation-format';
import { JsonProtocol, JsonReads, Pause } from './json-reads';
import { SignedTransport } from './transport';

type Item = Readonly<Record<string, unknown>>;

const DYNAMODB: JsonProtocol = { target: 'DynamoDB_20120810', version: '1.0' };

/** The authorizer's `RevocationReader`: one strong GetItem without the SDK. The same items and the same meaning as `DynamoRevocationStore`. */
export class SignedHttpRevocationReader implements RevocationReader {
  private readonly dynamodb: JsonReads;

  constructor(transport: Pick<SignedTransport, 'send'>, private readonly table: string, pause?: Pause) {
    this.dynamodb = new JsonReads(transport, DYNAMODB, pause);
  }

  async readRevocations(uid: string): Promise<Revocations> {
    return revocationsOf(await this.get(userRevocationsKey(uid)));
  }

  async readPublishedKeys(): Promise<PublishedKeySet | undefined> {
    return publishedKeysOf(await this.get(publishedKeysKey));
  }

  private async get(key: Readonly<Record<string, string>>): Promise<Item | undefined> {
    const input = { TableName: this.table, Key: Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }])), ConsistentRead: true };
    try {
      const { Item: item } = await this.dynamodb.read('GetItem', input);
      // `{}` says that there is no such item; an item that is none says nothing.
      if (item === undefined) return undefined;
      if (typeof item !== 'object' || item === null) throw new Error('GetItem: the item is no object');
      return decodeItem(item as Item);
    } catch (error) {
      throw new UnavailableError(REVOCATIONS_DEPENDENCY, error);
    }
  }
}

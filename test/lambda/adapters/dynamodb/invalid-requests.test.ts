import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { UnavailableError } from '../../../../lambda/domain/errors';
import { ProfileValues } from '../../../../lambda/domain/model';
import { Stores } from '../../../contract/suites';
import { aCredential, aUser, START } from '../../../contract/suites/stores';
import { dynamoStores } from './support/stores';
import { startTables, StartedTables } from './support/tables';

/** Values that no rule of the domain lets through: a rule that is missing one day must show as what it is. */
const UNSTORABLE: readonly (readonly [string, unknown])[] = [
  ['a whole number that is not exact', 2 ** 53],
  ['a number beyond DynamoDB\'s greatest', 1e200],
  ['a number below its least', 1e-200],
  ['no number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a value of no type that items have', new Date(0)],
  ['more than an item holds', 'x'.repeat(410_000)],
];

describe('RS-06 a request that can never succeed is no outage', () => {
  let tables: StartedTables;
  let stores: Stores;

  beforeAll(async () => {
    tables = await startTables({ clock: { now: () => START } });
    stores = dynamoStores(tables.connect(nodeCrypto, { retryStrategy: new ConfiguredRetryStrategy(3, 1) }), tables.names);
  });
  afterAll(() => tables.stop());
  afterEach(() => tables.faults.remove());

  /** What a call rejects with, and how often DynamoDB was asked. */
  async function failure(call: () => Promise<unknown>): Promise<[unknown, number]> {
    const before = tables.calls.list().length;
    const error: unknown = await call().then(() => { throw new Error('it was stored'); }, (reason: unknown) => reason);
    return [error, tables.calls.list().length - before];
  }

  test.each(UNSTORABLE)('%s: neither UpdateItem nor a transaction', async (_, value) => {
    const profile = { value } as unknown as ProfileValues;
    const user = aUser();
    await stores.users.createUser(user, aCredential(user));
    const another = { ...aUser(), profile };
    for (const call of [() => stores.users.updateProfile(user.uid, user, profile), () => stores.users.createUser(another, aCredential(another))]) {
      const [error, asked] = await failure(call);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(UnavailableError);
      expect(asked).toBeLessThanOrEqual(1);
    }
  });

  test('nor a key that no item can have', async () => {
    expect((await failure(() => stores.users.readUser('x'.repeat(3000))))[0]).toMatchObject({ name: 'ValidationException' });
  });

  test('but whatever stands between us and an answer is', async () => {
    for (const effect of ['deny', 'throttle', 'error', 'drop'] as const) {
      tables.faults.add({ effect });
      expect((await failure(() => stores.users.readUser('uid')))[0]).toBeInstanceOf(UnavailableError);
      tables.faults.remove();
    }
  });
});

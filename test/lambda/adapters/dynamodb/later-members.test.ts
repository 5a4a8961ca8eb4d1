import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { changePassword } from '../../../../lambda/use-cases/change-password';
import { logout } from '../../../../lambda/use-cases/logout';
import { updateProfile } from '../../../../lambda/use-cases/update-profile';
import { EMAIL, OTHER_PASSWORD, PASSWORD, principalOf, refreshWith, sidOf, signedIn } from '../../support/actions';
import type { DynamoWorld } from './support/world';
import { createDynamoWorld } from './support/world';

/** A later release ran and was rolled back: the restore floor that a session is of, and something that nobody here has heard of. */
const LATER = { ep: 3, later: { restored: true, regions: ['eu-west-1'] } };

describe('RV-01 what a later release wrote into an item', () => {
  let { world, tables, stop }: DynamoWorld = {} as DynamoWorld;
  beforeEach(async () => {
    ({ world, tables, stop } = await createDynamoWorld());
  });
  afterEach(() => stop());

  const client = () => tables.connect(nodeCrypto).client;
  const itemOf = async (table: string, key: object) => (await client().send(new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true }))).Item;

  async function marked(table: string, key: object): Promise<void> {
    await client().send(new UpdateCommand({
      TableName: table, Key: { ...key }, UpdateExpression: 'SET #ep = :ep, #later = :later',
      ExpressionAttributeNames: { '#ep': 'ep', '#later': 'later' }, ExpressionAttributeValues: { ':ep': LATER.ep, ':later': LATER.later },
    }));
  }

  test('a session without a floor is one of floor 0, and refreshes', async () => {
    const tokens = await signedIn(world);
    expect(await itemOf(tables.names.sessions, { sid: sidOf(tokens) })).not.toHaveProperty('ep');
    expect(await world.refreshKeys.floor()).toBe(0);
    await refreshWith(world, tokens);
  });

  test('a session with one refreshes, again and again, and ends; the floor stays', async () => {
    const tokens = await signedIn(world);
    const key = { sid: sidOf(tokens) };
    await marked(tables.names.sessions, key);
    const next = await refreshWith(world, await refreshWith(world, tokens));
    expect(await itemOf(tables.names.sessions, key)).toMatchObject({ n: 2, state: 'live', ...LATER });
    await logout(world, next);
    expect(await itemOf(tables.names.sessions, key)).toMatchObject({ state: 'ended', ...LATER });
  });

  test('a user and a credential keep it through every change', async () => {
    const tokens = await signedIn(world);
    const principal = await principalOf(world, tokens);
    const { uid } = principal;
    const [profile, credential] = [{ pk: `USER#${uid}`, sk: 'PROFILE' }, { pk: `EMAIL#${EMAIL}`, sk: 'CREDENTIAL' }];
    await marked(tables.names.users, profile);
    await marked(tables.names.users, credential);
    await updateProfile(world, { principal, profile: { locale: 'de' } });
    await changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD });
    await world.users.rehash((await world.users.readCredential(EMAIL))!, '$test$better');
    await world.users.endAllSessions(uid, 2, 4_000_000_000);
    await world.users.administer((await world.users.readUser(uid))!, { scopes: ['a'] }, false, 4_000_000_000);
    expect(await itemOf(tables.names.users, profile)).toMatchObject({ pv: 2, sv: 3, scopes: ['a'], profile: { locale: 'de' }, ...LATER });
    expect(await itemOf(tables.names.users, credential)).toMatchObject({ pv: 2, hash: '$test$better', ...LATER });
  });
});

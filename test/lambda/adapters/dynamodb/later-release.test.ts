import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { register } from '../../../../lambda/use-cases/register';
import { EMAIL, outcome, PASSWORD } from '../../support/actions';
import { createDynamoWorld, DynamoWorld } from './support/world';

describe('KS-01 items that a later release wrote', () => {
  let { world, tables, stop }: DynamoWorld = {} as DynamoWorld;
  beforeEach(async () => {
    ({ world, tables, stop } = await createDynamoWorld());
  });
  afterEach(() => stop());

  test('what it keeps beside the published keys is still there after a publication', async () => {
    const { client } = tables.connect(nodeCrypto);
    const item = { TableName: tables.names.revocations, Key: { key: 'KEYS#signing' } };
    const { Item: before } = await client.send(new GetCommand(item));
    await client.send(new PutCommand({ TableName: tables.names.revocations, Item: { ...before, ep: 4 } }));
    const set = (await world.revocations.readPublishedKeys())!;
    expect(await world.publishedKeys.publish({ ...set, version: set.version + 1 })).toBe('published');
    expect((await client.send(new GetCommand(item))).Item).toMatchObject({ v: 1, version: set.version + 1, ep: 4 });
  });

  test('a ticket of an unknown kind is 401, not an outage, and is not used up', async () => {
    const { client } = tables.connect(nodeCrypto);
    const secret = nodeCrypto.randomToken(32);
    const ticket = { hash: nodeCrypto.sha256(secret), v: 1, kind: 'password_reset', uid: 'uid', ep: 1, expiresAt: world.clock.now() + 60_000 };
    await client.send(new PutCommand({ TableName: tables.names.tickets, Item: ticket }));
    const result = register(world, { email: EMAIL, password: PASSWORD, sourceIp: '192.0.2.1', invitation: secret });
    await expect(result).rejects.toMatchObject({ code: 'invalid_token', status: 401, reason: 'ticket_kind_unknown' });
    const { Item: after } = await client.send(new GetCommand({ TableName: tables.names.tickets, Key: { hash: ticket.hash } }));
    expect(after).toEqual(ticket);
    expect(await outcome(register(world, { email: EMAIL, password: PASSWORD, sourceIp: '192.0.2.1' }))).toBe('ok');
  });
});

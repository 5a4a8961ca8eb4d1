import { randomUUID } from 'node:crypto';
import { describeStores } from '../../contract/suites';
import { dynamoStores } from '../../lambda/adapters/dynamodb/support/stores';
import { holds, parseCondition } from './conditions';
import { DynamoDb } from './dynamodb';
import { updated } from './updates';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: unknown;
}

// The stores over these tables keep to the contract that they keep to over DynamoDB's own behaviour.
describeStores("the explorer's DynamoDB", async () => {
  const dynamodb = new DynamoDb();
  const client = { send: async ({ constructor, input }: Command) => dynamodb.execute(constructor.name, input) };
  const names = { users: 'Users', sessions: 'Sessions', revocations: 'Revocations', attempts: 'Attempts', tickets: 'Tickets' };
  return dynamoStores({ client: client as never, ids: { randomUuid: () => randomUUID() }, pause: async () => undefined }, names);
});

describe("conditions of the explorer's DynamoDB", () => {
  const item = { a: 1, text: 'abc', list: [1, 2], map: { inner: 'x' } };
  const given = {
    ExpressionAttributeNames: { '#a': 'a', '#b': 'b', '#t': 'text', '#l': 'list', '#m': 'map', '#i': 'inner' },
    ExpressionAttributeValues: { ':0': 0, ':1': 1, ':2': 2, ':ab': 'ab', ':x': 'x', ':l': [1, 2] },
  };

  test.each([
    ['#a = :1', true],
    ['#a = :x', false],
    ['#a <> :x', true],
    // What is not there differs from everything and is equal to, or ordered against, nothing.
    ['#b <> :1', true],
    ['#b = :1', false],
    ['#b < :1', false],
    ['#a < :x', false],
    ['#l = :l', true],
    ['attribute_not_exists(#b) AND attribute_exists(#a)', true],
    ['attribute_exists(#b) OR #a > :0 AND #a > :2', false],
    ['(attribute_exists(#b) OR #a > :0) AND #a < :2', true],
    ['NOT #a = :2', true],
    ['#a BETWEEN :0 AND :1 AND #a IN (:1, :2)', true],
    ['begins_with(#t, :ab) AND contains(#l, :2) AND size(#l) = :2', true],
    ['#m.#i = :x', true],
  ])('%s', (text, expected) => {
    expect(holds(parseCondition(text), item, given)).toBe(expected);
  });

  test.each(['#a =', '#a = :1 AND', '(#a = :1', '#a ~ :1'])('%s is refused', (text) => {
    expect(() => parseCondition(text)).toThrow(/expression "/);
  });
});

describe("updates of the explorer's DynamoDB", () => {
  const given = {
    ExpressionAttributeNames: { '#n': 'n', '#m': 'm', '#gone': 'gone', '#map': 'map', '#in': 'in' },
    ExpressionAttributeValues: { ':0': 0, ':1': 1, ':list': ['b'] },
  };

  test('every value is computed from the item as it was', () => {
    const item = { n: 1, gone: true, map: { in: ['a'] } };
    expect(updated('SET #n = #n + :1, #m = if_not_exists(#m, :0) - #n, #map.#in = list_append(#map.#in, :list) REMOVE #gone', item, given))
      .toEqual({ n: 2, m: -1, map: { in: ['a', 'b'] } });
    expect(item).toEqual({ n: 1, gone: true, map: { in: ['a'] } });
  });

  test('an attribute that is not there cannot be counted from', () => {
    expect(() => updated('SET #n = #n + :1', {}, given)).toThrow('does not exist');
    expect(updated('ADD #n :1', {}, given)).toEqual({ n: 1 });
  });
});

import { DynamoDbPermissions } from '../../../local/services/dynamodb/permissions';
import { attributesOf } from '../../../local/services/dynamodb/named-attributes';
import type { Input } from '../../../local/services/service';

const hash = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' as const }];
const permissions = new DynamoDbPermissions((table) => `arn:${table}`, (_, index) => hash(index === undefined ? 'pk' : 'owner'));

/** Condition keys of each permission, without the one that is the same everywhere. */
const keysOf = (operation: string, input: Input) => permissions.of(operation, { TableName: 't', ...input }).map(({ action, resource, context }) => {
  const { 'dynamodb:ReturnConsumedCapacity': consumed, ...others } = context ?? {};
  expect(consumed).toEqual(['NONE']);
  return [action.replace('dynamodb:', ''), resource.replace('arn:', ''), Object.fromEntries(Object.entries(others).map(([key, values]) => [key.replace('dynamodb:', ''), [...values].sort()]))];
});

const Key = { pk: { S: 'USER#1' }, sk: { S: 'PROFILE' } };

/** As the developer guide ("Using IAM policy conditions for fine-grained access control") and the service authorization reference tell it. */
describe('what DynamoDB tells IAM of a request', () => {
  test('GetItem: all attributes unless it asks for some', () => {
    expect(keysOf('GetItem', { Key })).toEqual([['GetItem', 't', { LeadingKeys: ['USER#1'], Attributes: ['pk', 'sk'], Select: ['ALL_ATTRIBUTES'] }]]);
    const some = { ProjectionExpression: '#h, scopes[0].name', ExpressionAttributeNames: { '#h': 'hash' } };
    expect(keysOf('GetItem', { Key, ...some })).toEqual([['GetItem', 't', { LeadingKeys: ['USER#1'], Attributes: ['hash', 'pk', 'scopes', 'sk'], Select: ['SPECIFIC_ATTRIBUTES'] }]]);
    expect(keysOf('GetItem', { Key, AttributesToGet: ['hash'] })[0]![2]).toMatchObject({ Attributes: ['hash', 'pk', 'sk'], Select: ['SPECIFIC_ATTRIBUTES'] });
  });

  test('Query: the key of its condition, of a table or of an index', () => {
    const query = {
      KeyConditionExpression: '#k = :k AND begins_with(sk, :s)', FilterExpression: 'attribute_exists(mfa)', ExpressionAttributeNames: { '#k': 'pk' },
      ExpressionAttributeValues: { ':k': { S: 'USER#1' }, ':s': { S: 'M' } },
    };
    expect(keysOf('Query', query)).toEqual([['Query', 't', { LeadingKeys: ['USER#1'], Attributes: ['mfa', 'pk', 'sk'], Select: ['ALL_ATTRIBUTES'], ReturnValues: ['NONE'] }]]);
    const ofIndex = { IndexName: 'by-owner', KeyConditionExpression: 'owner = :o', ExpressionAttributeValues: { ':o': { S: 'me' } } };
    expect(keysOf('Query', ofIndex)).toEqual([['Query', 't/index/by-owner', { LeadingKeys: ['me'], Attributes: ['owner'], Select: ['ALL_PROJECTED_ATTRIBUTES'], ReturnValues: ['NONE'] }]]);
    expect(keysOf('Query', { ...ofIndex, Select: 'COUNT' })[0]![2]).toMatchObject({ Select: ['COUNT'] });
  });

  test('a scan names no key', () => {
    expect(keysOf('Scan', {})).toEqual([['Scan', 't', { Select: ['ALL_ATTRIBUTES'] }]]);
  });

  test('UpdateItem: what it changes and what its condition asks, not what a value is called', () => {
    const update = {
      Key, UpdateExpression: 'SET #p.locale = :sv, n = if_not_exists(n, :zero) + :one REMOVE old ADD tags :t', ConditionExpression: 'sv = :sv AND NOT (attribute_exists(gone))',
      ExpressionAttributeNames: { '#p': 'profile' }, ExpressionAttributeValues: { ':sv': { N: '1' } },
    };
    expect(keysOf('UpdateItem', update)).toEqual([
      ['UpdateItem', 't', { LeadingKeys: ['USER#1'], Attributes: ['gone', 'n', 'old', 'pk', 'profile', 'sk', 'sv', 'tags'], ReturnValues: ['NONE'] }],
    ]);
    expect(keysOf('UpdateItem', { Key, ReturnValues: 'ALL_NEW', AttributeUpdates: { hash: {} }, Expected: { pv: {} } })[0]![2])
      .toEqual({ LeadingKeys: ['USER#1'], Attributes: ['hash', 'pk', 'pv', 'sk'], ReturnValues: ['ALL_NEW'] });
  });

  test('PutItem: every attribute of the item; DeleteItem: the key and its condition', () => {
    expect(keysOf('PutItem', { Item: { ...Key, hash: { S: 'x' } }, ReturnValues: 'ALL_OLD' })).toEqual([
      ['PutItem', 't', { LeadingKeys: ['USER#1'], Attributes: ['hash', 'pk', 'sk'], ReturnValues: ['ALL_OLD'] }],
    ]);
    expect(keysOf('DeleteItem', { Key, ConditionExpression: 'uid = :u' })).toEqual([
      ['DeleteItem', 't', { LeadingKeys: ['USER#1'], Attributes: ['pk', 'sk', 'uid'], ReturnValues: ['NONE'] }],
    ]);
  });

  test('a batch: one permission a table, with the keys of all its items', () => {
    const get = { RequestItems: { t: { Keys: [{ pk: { S: 'a' } }, { pk: { S: 'b' } }, { pk: { S: 'a' } }], ProjectionExpression: 'uid' }, u: { Keys: [{ pk: { S: 'c' } }] } } };
    expect(keysOf('BatchGetItem', get)).toEqual([
      ['BatchGetItem', 't', { LeadingKeys: ['a', 'b'], Attributes: ['pk', 'uid'], Select: ['SPECIFIC_ATTRIBUTES'] }],
      ['BatchGetItem', 'u', { LeadingKeys: ['c'], Attributes: ['pk'], Select: ['ALL_ATTRIBUTES'] }],
    ]);
    const write = { RequestItems: { t: [{ PutRequest: { Item: { pk: { S: 'a' }, x: { S: '' } } } }, { DeleteRequest: { Key: { pk: { S: 'b' } } } }] } };
    expect(keysOf('BatchWriteItem', write)).toEqual([['BatchWriteItem', 't', { LeadingKeys: ['a', 'b'], Attributes: ['pk', 'x'] }]]);
  });

  test('a transaction: the permission of each part, which knows what encloses it', () => {
    const part = (more: object) => ({ TableName: 't', ...more });
    const TransactItems = [
      { Update: part({ Key, UpdateExpression: 'SET sv = :n' }) },
      { Delete: part({ Key: { pk: { S: 'EMAIL#a' } } }) },
      { ConditionCheck: part({ Key: { pk: { S: 'C' } }, ConditionExpression: 'uid = :u' }) },
    ];
    const EnclosingOperation = ['TransactWriteItems'];
    expect(keysOf('TransactWriteItems', { TransactItems })).toEqual([
      ['UpdateItem', 't', { LeadingKeys: ['USER#1'], Attributes: ['pk', 'sk', 'sv'], ReturnValues: ['NONE'], EnclosingOperation }],
      ['DeleteItem', 't', { LeadingKeys: ['EMAIL#a'], Attributes: ['pk'], ReturnValues: ['NONE'], EnclosingOperation }],
      ['ConditionCheckItem', 't', { LeadingKeys: ['C'], Attributes: ['pk', 'uid'], ReturnValues: ['NONE'], EnclosingOperation }],
    ]);
  });
});

test.each<[string, string[]]>([
  ['SET a = :a', ['a']],
  ['set #a=:a,b=b+:b', ['hash', 'b']],
  ['a BETWEEN :x AND :y OR b IN (:z, c)', ['a', 'b', 'c']],
  ['attribute_not_exists(#a) and size(d.e[0].f) > :n', ['hash', 'd']],
  ['REMOVE #a, g[3]', ['hash', 'g']],
])('%s names %j', (expression, expected) => {
  expect(attributesOf(expression, { '#a': 'hash' })).toEqual(expected);
});

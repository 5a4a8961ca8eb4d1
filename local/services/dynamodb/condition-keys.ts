import { Input } from '../service';
import { Item, KeySchemaElement } from './model';
import { attributesOf, Names } from './named-attributes';

/** Values of condition keys. */
export type ConditionKeys = Readonly<Record<string, readonly string[]>>;

const READS: readonly string[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];
const WRITES_OF_ONE: readonly string[] = ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'];

/**
 * What DynamoDB tells IAM of a request (service authorization reference, and "Using IAM policy conditions for fine-grained access control"):
 * `LeadingKeys`, the partition keys that it names; `Attributes`, everything that it names of an item, keys included; `Select` of a read, which
 * is ALL_ATTRIBUTES where nothing else is said; `ReturnValues` of a write, which is NONE; the transaction around it.
 *
 * @param operation for which the permission is asked; of a part of a transaction, that of the part
 * @param schema of the table, or of the index that is asked
 * @param items of a batch; otherwise none
 */
export function conditionKeys(
  operation: string,
  input: Input,
  schema: readonly KeySchemaElement[] | undefined,
  { enclosing, items = [] }: { readonly enclosing?: string; readonly items?: readonly Item[] } = {},
): ConditionKeys {
  const isRead = READS.includes(operation);
  const keys = leadingKeys(input, schema, items);
  const attributes = namedAttributes(input, items);
  return {
    ...some('dynamodb:LeadingKeys', keys),
    ...some('dynamodb:Attributes', attributes),
    ...(isRead ? { 'dynamodb:Select': [selectOf(input)] } : {}),
    ...(WRITES_OF_ONE.includes(operation) || operation === 'Query' ? { 'dynamodb:ReturnValues': [textOr(input.ReturnValues, 'NONE')] } : {}),
    ...(isRead || WRITES_OF_ONE.includes(operation) || operation === 'BatchWriteItem'
      ? { 'dynamodb:ReturnConsumedCapacity': [textOr(input.ReturnConsumedCapacity, 'NONE')] } : {}),
    ...(enclosing === undefined ? {} : { 'dynamodb:EnclosingOperation': [enclosing] }),
  };
}

function leadingKeys(input: Input, schema: readonly KeySchemaElement[] | undefined, items: readonly Item[]): string[] {
  const attribute = schema?.find((key) => key.KeyType === 'HASH')?.AttributeName;
  if (!attribute) return [];
  const own = (input.Key ?? input.Item) as Item | undefined;
  const named = [...items, ...own === undefined ? [] : [own]].flatMap((item) => (item[attribute] ? [textOf(item[attribute])] : []));
  return [...new Set([...named, ...keysOfQuery(attribute, input)])];
}

/** The partition key value of a Query's key condition. */
function keysOfQuery(attribute: string, input: Input): string[] {
  const names = namesOf(input);
  const values = (input.ExpressionAttributeValues ?? {}) as Item;
  const expression = typeof input.KeyConditionExpression === 'string' ? input.KeyConditionExpression : '';
  for (const [, name, value] of expression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    if ((names[name!] ?? name) === attribute && values[value!]) return [textOf(values[value!]!)];
  }
  return [];
}

/** What is read, written or asked in a condition: the parameters of old and the expressions. */
function namedAttributes(input: Input, items: readonly Item[]): string[] {
  const names = namesOf(input);
  const expressions = [input.ProjectionExpression, input.KeyConditionExpression, input.FilterExpression, input.UpdateExpression, input.ConditionExpression];
  const listed = Array.isArray(input.AttributesToGet) ? input.AttributesToGet.map(String) : [];
  const members = [input.Key, input.Item, input.AttributeUpdates, input.Expected, input.KeyConditions, input.QueryFilter, input.ScanFilter, ...items];
  return [...new Set([
    ...members.flatMap((member) => Object.keys(member ?? {})),
    ...listed,
    ...expressions.flatMap((expression) => (typeof expression === 'string' ? attributesOf(expression, names) : [])),
  ])];
}

function selectOf(input: Input): string {
  if (typeof input.Select === 'string') return input.Select;
  if (input.ProjectionExpression !== undefined || input.AttributesToGet !== undefined) return 'SPECIFIC_ATTRIBUTES';
  return input.IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
}

const some = (name: string, values: readonly string[]): ConditionKeys => (values.length > 0 ? { [name]: values } : {});

const namesOf = (input: Input): Names => (input.ExpressionAttributeNames ?? {}) as Names;

const textOr = (value: unknown, absent: string): string => (typeof value === 'string' ? value : absent);

const textOf = (value: Readonly<Record<string, unknown>>): string => String(Object.values(value)[0]);

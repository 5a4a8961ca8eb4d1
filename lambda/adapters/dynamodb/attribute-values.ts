import { UnavailableError } from '../../domain/errors';

/**
 * Decodes an item in DynamoDB's wire format: for the authorizer, which has no SDK, and for the items that come with refused
 * conditions, which the document client leaves as they are. Only the types that this service stores.
 */
export function decodeItem(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, decode(value)]));
}

function decode(value: unknown): unknown {
  const [type, content] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  switch (type) {
    case 'S':
    case 'BOOL':
      return content;
    case 'N':
      return Number(content);
    case 'NULL':
      return null;
    case 'L':
      return (content as unknown[]).map(decode);
    case 'M':
      return decodeItem(content as Record<string, unknown>);
    default:
      throw new UnavailableError('dynamodb', new Error('stored item: an attribute of an unknown type'));
  }
}

import path from 'node:path';
import { isRecord } from '../template/types';
import { decode, GatewayRequest, headerValue, queryPairs } from '../gateway/message';

/** WAF hands the rules of API Gateway and of CloudFront the first 16 KB of a body. */
export const INSPECTED_BODY_BYTES = 16_384;

/** The part of a request that a rule looks at; undefined when that part is not evaluated here. */
export function fieldOf(field: unknown, request: GatewayRequest): string | undefined {
  if (!isRecord(field)) return undefined;
  const [name] = Object.keys(field);
  const argument = isRecord(field[name!]) ? (field[name!] as Record<string, unknown>) : {};
  switch (name) {
    case 'UriPath': return request.sentPath ?? request.path;
    case 'Method': return request.method;
    case 'QueryString': return request.queryString;
    case 'SingleHeader': return headerValue(request.headers, String(argument.Name)) ?? '';
    case 'SingleQueryArgument': return queryPairs(request.queryString).find(([other]) => other.toLowerCase() === String(argument.Name).toLowerCase())?.[1] ?? '';
    case 'Body': return request.body.subarray(0, INSPECTED_BODY_BYTES).toString('latin1');
    default: return undefined;
  }
}

const FIELDS = new Set(['UriPath', 'Method', 'QueryString', 'SingleHeader', 'SingleQueryArgument', 'Body']);

export function isKnownField(field: unknown): boolean {
  return isRecord(field) && Object.keys(field).length === 1 && FIELDS.has(Object.keys(field)[0]!);
}

const TRANSFORMATIONS: Readonly<Record<string, (text: string) => string>> = {
  NONE: (text) => text,
  LOWERCASE: (text) => text.toLowerCase(),
  URL_DECODE: (text) => decode(text, true),
  NORMALIZE_PATH: (text) => path.posix.normalize(text),
  NORMALIZE_PATH_WIN: (text) => path.posix.normalize(text.replaceAll('\\', '/')),
  COMPRESS_WHITE_SPACE: (text) => text.replaceAll(/\s+/g, ' '),
  REPLACE_NULLS: (text) => text.replaceAll('\0', ' '),
  REMOVE_NULLS: (text) => text.replaceAll('\0', ''),
};

export function isKnownTransformation(transformation: unknown): boolean {
  return isRecord(transformation) && String(transformation.Type) in TRANSFORMATIONS;
}

export function transformed(text: string, transformations: unknown): string {
  const list = (Array.isArray(transformations) ? transformations : []).filter(isRecord);
  return [...list]
    .sort((left, right) => Number(left.Priority ?? 0) - Number(right.Priority ?? 0))
    .reduce((value, { Type: type }) => TRANSFORMATIONS[String(type)]!(value), text);
}

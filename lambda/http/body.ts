import { Limits } from '../../src/contract/limits';
import { AuthError } from '../domain/errors';
import { parseStrictJson, refused } from './json';
import { mediaTypeOf } from './media-type';
import { HttpRequest } from './types';

export type BodyKind =
  /** JSON, an empty body stands for `{}`: then a missing member says what is missing. */
  | 'json'
  /** JSON, or a form as RFC 7009 section 2.1 has it. */
  | 'json-or-form';

/** The body as an untyped value. Size first, then media type, then bytes, then structure: each check is cheaper than the next. */
export function readBody(request: HttpRequest, kind: BodyKind): unknown {
  if (request.body.length > Limits.BODY_BYTES) throw new AuthError('payload_too_large', { reason: 'body_bytes' });
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new AuthError('unsupported_media_type', { reason: 'content_encoding' });

  const type = request.headers['content-type'];
  if (request.body.length === 0 && type === undefined) return {};
  const media = mediaTypeOf(type);
  if (media === 'application/x-www-form-urlencoded' && kind === 'json-or-form') return parseForm(decode(request.body));
  if (media !== 'application/json') throw new AuthError('unsupported_media_type', { reason: 'content_type' });
  return request.body.length === 0 ? {} : parseStrictJson(decode(request.body));
}


function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused('invalid_utf8');
  }
  // API Gateway hands bytes that are no UTF-8 on as U+FFFD: there, it is the trace of a body that was refused above.
  if (text.startsWith('\uFEFF') || text.includes('\uFFFD')) throw refused('invalid_utf8');
  return text;
}

/** A form of plain fields, under the same rules as JSON: a repeated name is refused (RFC 6749 section 3.2). */
function parseForm(text: string): unknown {
  const fields = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in fields || value.includes('\uFFFD')) throw refused('malformed_form');
    fields[name] = value;
  }
  return { ...fields };
}

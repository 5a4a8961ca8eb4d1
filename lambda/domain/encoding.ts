/** Strict decoders: a text that is not the one canonical encoding of its bytes is refused (T17b, RFC 4648 section 3.5). */

const BASE64URL = /^[A-Za-z0-9_-]*$/;
const BASE64 = /^[A-Za-z0-9+/]*$/;

/** Bytes of unpadded base64url, or undefined for any other text. */
export function decodeBase64Url(text: string): Buffer | undefined {
  return decode(text, BASE64URL, 'base64url');
}

/** Bytes of unpadded standard base64 as PHC strings write it, or undefined for any other text. */
export function decodePhcBase64(text: string): Buffer | undefined {
  return decode(text, BASE64, 'base64');
}

/** Unpadded standard base64. */
export function encodePhcBase64(bytes: Uint8Array): string {
  return stripPadding(Buffer.from(bytes).toString('base64'));
}

/** Length in bytes of UTF-8. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Number of code points: what NIST SP 800-63B-4 counts, not UTF-16 units. */
export function codePoints(text: string): number {
  return [...text].length;
}

/** Text of strict UTF-8 bytes, or undefined. A byte order mark stays part of the text. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Parsed JSON object, or undefined for anything that is not one. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the value is an object and no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(text: string, alphabet: RegExp, encoding: 'base64' | 'base64url'): Buffer | undefined {
  if (!alphabet.test(text)) {
    return undefined;
  }
  const bytes = Buffer.from(text, encoding);
  return stripPadding(bytes.toString(encoding)) === text ? bytes : undefined;
}

function stripPadding(text: string): string {
  return text.endsWith('==') ? text.slice(0, -2) : text.endsWith('=') ? text.slice(0, -1) : text;
}

import { createHmac, createSecretKey, hkdfSync, KeyObject } from 'node:crypto';

/** From a `KeyObject`: node:crypto throws and catches inside itself for every other form of a key, which takes longer than the MAC. */
export function macKey(base64url: string): KeyObject {
  return createSecretKey(base64url, 'base64url');
}

/** base64url of HMAC-SHA-256 over the length-prefixed fields. */
export function macOf(key: KeyObject, fields: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const field of fields) {
    const bytes = Buffer.from(field, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest('base64url');
}

/** A key for one purpose out of one for several (HKDF-SHA-256, RFC 5869). The key is random already, so it needs no salt. */
export function subKey(key: KeyObject, label: string): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', key, '', label, 32)));
}

import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Crypto } from '../../ports/crypto';

/** `Crypto` over node:crypto. */
export const nodeCrypto: Crypto = {
  randomToken: (bytes) => randomBytes(bytes).toString('base64url'),

  randomUuid: () => randomUUID(),

  sha256: (text) => createHash('sha256').update(text, 'utf8').digest('base64url'),

  mac(key, fields) {
    const hmac = createHmac('sha256', Buffer.from(key, 'base64url'));
    for (const field of fields) {
      const bytes = Buffer.from(field, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest('base64url');
  },

  equal(a, b) {
    const left = Buffer.from(a, 'utf8');
    const right = Buffer.from(b, 'utf8');
    return left.length === right.length && timingSafeEqual(left, right);
  },
};

import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Crypto } from '../../ports/crypto';
import { macKey, macOf } from './hmac';

/** `Crypto` over node:crypto. */
export const nodeCrypto: Crypto = {
  randomToken: (bytes) => randomBytes(bytes).toString('base64url'),

  randomUuid: () => randomUUID(),

  sha256: (text) => hash('sha256', text, 'base64url'),

  mac: (key, fields) => macOf(macKey(key), fields),

  equal(a, b) {
    const left = Buffer.from(a, 'utf8');
    const right = Buffer.from(b, 'utf8');
    return left.length === right.length && timingSafeEqual(left, right);
  },
};

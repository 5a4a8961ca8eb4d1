import { createECDH, hash } from 'node:crypto';
import { caller } from './caller';

type Jwk = Readonly<Record<string, string>>;

/** Makes keys as the service does, out of the randomness of whoever asks: the same in every run, and without the thread pool. */
export const keyFactory = {
  async signingKey(alg: string, now: number) {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(caller().randomness.bytes(32));
    const point = ecdh.getPublicKey();
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((coordinate) => coordinate.toString('base64url')) as [string, string];
    const d = ecdh.getPrivateKey();
    const privateJwk = { kty: 'EC', crv: 'P-256', x, y, d: Buffer.concat([Buffer.alloc(32 - d.length), d]).toString('base64url') };
    return { kid: hash('sha256', JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }), 'base64url'), alg, privateJwk, createdAt: now };
  },
  publicJwk: ({ kid, alg, privateJwk: { kty, crv, x, y } }: { kid: string; alg: string; privateJwk: Jwk }) => ({ kty, crv, x, y, kid, use: 'sig', alg }) as Jwk,
  refreshKey: (now: number) => ({ kv: caller().randomness.bytes(4).toString('hex'), key: caller().randomness.token(32), createdAt: now }),
  lookupKey: () => caller().randomness.token(32),
  originSecret: () => caller().randomness.bytes(32).toString('hex'),
  check: async () => true,
};

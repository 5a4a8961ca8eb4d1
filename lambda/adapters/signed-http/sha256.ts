import { createHash, createHmac, createSecretKey, Hash, Hmac } from 'node:crypto';

/** SHA-256 and HMAC-SHA-256 as `@smithy/signature-v4` asks for them, with the secret as a `KeyObject`: see `macKey`. */
export class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', createSecretKey(Buffer.from(secret as Uint8Array)));
  }

  update(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    throw new Error('no signature is computed twice from one hash');
  }
}

import * as crypto from 'node:crypto';

export interface Argon2idParameters {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Uint8Array;
  readonly tagLength: number;
}

/** The part of Node 24.7's `crypto.argon2` that is used here (RFC 9106). Declared because older type definitions lack it. */
type Argon2 = (
  algorithm: 'argon2id',
  parameters: { message: Uint8Array; nonce: Uint8Array; parallelism: number; tagLength: number; memory: number; passes: number },
  callback: (error: Error | null, tag: Buffer) => void,
) => void;

const argon2 = (crypto as unknown as { readonly argon2?: Argon2 }).argon2;

/** Whether this runtime has argon2: which minor version of Node 24 Lambda runs is not documented. */
export const argon2Supported = typeof argon2 === 'function';

/** Computes on the thread pool; the event loop stays free. */
export function argon2id(password: string, parameters: Argon2idParameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (!argon2) {
      reject(new Error('argon2id is not in this runtime'));
      return;
    }
    const { memory, passes, parallelism, salt, tagLength } = parameters;
    argon2('argon2id', { message: Buffer.from(password, 'utf8'), nonce: salt, parallelism, tagLength, memory, passes }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    );
  });
}

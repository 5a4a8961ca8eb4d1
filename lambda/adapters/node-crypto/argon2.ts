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

type Argon2Sync = (algorithm: 'argon2id', parameters: Parameters<Argon2>[1]) => Buffer;

/** Looked up at each call: a runtime without them has no such members. */
const node = crypto as unknown as { readonly argon2?: Argon2; readonly argon2Sync?: Argon2Sync };

/** The least derivation there is, in a tenth of a millisecond, and what has to come out. */
const PROBE = { message: Buffer.from('probe'), nonce: Buffer.alloc(16, 1), parallelism: 1, tagLength: 16, memory: 8, passes: 1 };
const PROBE_TAG = '334c60634dbec411fc734050c3f1fafa';

/**
 * Whether this runtime derives with argon2, found out by doing it. Which minor version of Node 24 Lambda runs is not documented, and one whose
 * OpenSSL is older than 3.2 has the functions all the same: they throw ERR_CRYPTO_ARGON2_NOT_SUPPORTED (DP-01).
 */
export function argon2Works(): boolean {
  try {
    node.argon2!('argon2id', PROBE, () => undefined);
    return node.argon2Sync!('argon2id', PROBE).toString('hex') === PROBE_TAG;
  } catch {
    return false;
  }
}

/** Computes on the thread pool; the event loop stays free. */
export function argon2id(password: string, parameters: Argon2idParameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const { memory, passes, parallelism, salt, tagLength } = parameters;
    node.argon2!('argon2id', { message: Buffer.from(password, 'utf8'), nonce: salt, parallelism, tagLength, memory, passes }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    );
  });
}

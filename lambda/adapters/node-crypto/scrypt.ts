import { scrypt as nodeScrypt } from 'node:crypto';

export interface ScryptParameters {
  /** log2 of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  readonly tagLength: number;
}

/** RFC 7914 on the thread pool. Node's default memory limit of 32 MiB refuses every setting worth using: raised to what this one needs. */
export function scrypt(password: string, parameters: ScryptParameters): Promise<Buffer> {
  const N = 2 ** parameters.ln;
  const { r, p, salt, tagLength } = parameters;
  const maxmem = 128 * r * (N + p + 2);
  return new Promise((resolve, reject) => {
    nodeScrypt(Buffer.from(password, 'utf8'), salt, tagLength, { N, r, p, maxmem }, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

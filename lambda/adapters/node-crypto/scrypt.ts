import * as crypto from 'node:crypto';

export interface ScryptParameters {
  /** log2 of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  readonly tagLength: number;
}

/** The first vector of RFC 7914 section 12. */
const PROBE_TAG = '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906';

/** Whether this runtime derives with scrypt, found out by doing it: OpenSSL in FIPS mode refuses (DP-01). */
export function scryptWorks(): boolean {
  try {
    return crypto.scryptSync('', '', 64, { N: 16, r: 1, p: 1 }).toString('hex') === PROBE_TAG;
  } catch {
    return false;
  }
}

/** RFC 7914 on the thread pool. Node's default memory limit of 32 MiB refuses every setting worth using: raised to what this one needs. */
export function scrypt(password: string, parameters: ScryptParameters): Promise<Buffer> {
  const N = 2 ** parameters.ln;
  const { r, p, salt, tagLength } = parameters;
  const maxmem = 128 * r * (N + p + 2);
  return new Promise((resolve, reject) => {
    crypto.scrypt(Buffer.from(password, 'utf8'), salt, tagLength, { N, r, p, maxmem }, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

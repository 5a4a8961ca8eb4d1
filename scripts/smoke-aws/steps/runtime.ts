import { createRequire } from 'node:module';
import type { Report } from '../report.ts';
import type { Target } from '../target.ts';

/** Length of the tag that the probe asks for, as in scripts/smoke-aws/app.ts. */
const EXPECTED_BYTES = 32;

/** Which runtime the functions really get, and whether it can do what the default hash needs. */
export async function runtime(report: Report, target: Target): Promise<void> {
  report.heading('The runtime of the functions');
  const { versions, arch, argon2 } = await target.invoke(target.outputs.ProbeFunction, {});
  report.note(`Node.js ${versions.node}, OpenSSL ${versions.openssl}, V8 ${versions.v8}, ${arch}`);
  report.proves(Number(versions.node.split('.')[0]) === 24, 'nodejs24.x is Node.js 24', versions.node);
  report.proves(argon2.length === 2 * EXPECTED_BYTES && argon2 === hereToo(), 'argon2id gives the same tag as on this machine', argon2);
}

/** Undefined where this machine's Node cannot do it. */
function hereToo(): string | undefined {
  const crypto = createRequire(import.meta.url)('node:crypto') as { argon2Sync?: (algorithm: string, parameters: object) => Buffer };
  return crypto.argon2Sync?.('argon2id', { message: 'probe', nonce: Buffer.alloc(16, 1), parallelism: 1, tagLength: EXPECTED_BYTES, memory: 19456, passes: 2 }).toString('hex');
}

import { createHash } from 'node:crypto';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** `<stack>-<logical id>-<12 characters>`, the same at every start, at most `maxLength` long. */
export function generatedName(stackName: string, logicalId: string, maxLength = 64): string {
  const suffix = base36(digest(`${stackName}/${logicalId}`), 12).toUpperCase();
  const head = `${stackName}-${logicalId}`.slice(0, maxLength - suffix.length - 1);
  return `${head}-${suffix}`;
}

/** Ids in the form of API Gateway's: ten lower-case letters and digits. */
export function apiGatewayId(key: string): string {
  return base36(digest(key), 10);
}

/** A UUID that is the same at every start. */
export function stableUuid(key: string): string {
  const hex = digest(key).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

function base36(bytes: Buffer, length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % 36]).join('');
}

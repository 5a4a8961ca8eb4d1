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

/** Ids in the form of CloudFront's: `E` and thirteen upper-case letters and digits. */
export function distributionId(key: string): string {
  return `E${base36(digest(`${key}/distribution`), 13).toUpperCase()}`;
}

/** First label of a distribution's own domain: `d` and thirteen lower-case letters and digits. */
export function distributionLabel(key: string): string {
  return `d${base36(digest(`${key}/domain`), 13)}`;
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

export { JsonReads, Refusal } from './json-reads';
export type { JsonProtocol } from './json-reads';
export { SignedHttpRevocationReader } from './revocation-reader';
export { SignedHttpSecretReader } from './secret-reader';
export { SignedTransport } from './transport';
export type { AwsCredentials, TransportAnswer, TransportOptions, TransportRequest } from './transport';

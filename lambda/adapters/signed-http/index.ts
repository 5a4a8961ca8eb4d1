export { DynamoDbTransport } from './dynamodb-transport';
export type { AwsCredentials, TransportOptions } from './dynamodb-transport';
export { SignedHttpRevocationReader } from './revocation-reader';

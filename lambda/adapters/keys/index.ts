export { SecretRefreshKeys } from './refresh-keys';
export { SecretTokenSigner } from './token-signer';
export type { SignWith } from './token-signer';
export { PublishedVerificationKeys } from './verification-keys';

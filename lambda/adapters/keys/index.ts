export { SecretRefreshKeys } from './refresh-keys';
export { CachedOriginSecret } from './origin-secret';
export { SecretTokenSigner } from './token-signer';
export type { SignWith } from './token-signer';
export { PublishedVerificationKeys } from './verification-keys';

export { SecretRefreshKeys } from './refresh-keys';
export { CachedOriginSecret } from './origin-secret';
export { existingForm, ROTATING_FORM } from './secret-forms';
export { SecretKeyList } from './secret-key-list';
export { SecretTokenSigner } from './token-signer';
export type { PrivateKey, SecretForm, SignWith } from './token-signer';
export { CachedOfferedKeys } from './offered-keys';
export { PublishedVerificationKeys } from './verification-keys';

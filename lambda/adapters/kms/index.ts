export { KmsKeyList } from './key-list';
export { KmsTokenSigner } from './token-signer';

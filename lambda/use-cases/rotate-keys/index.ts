export type { KeyListDeps, KeyOperationDeps, KeySettings, ListedKeyDeps } from './deps';
export { answerDeployment } from './deployment';
export type { DeploymentDeps, DeploymentInput } from './deployment';
export { ensureFirstKeys } from './first-keys';
export { publishList } from './published-list';
export { retireKey } from './retire-key';
export { rotateKeys } from './rotate-keys';
export type { RotationInput } from './rotate-keys';
export { rotateNow } from './rotate-now';

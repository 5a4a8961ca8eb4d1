import { AwsError } from '../errors';
import { CURRENT, PREVIOUS, Secret, SecretVersion } from './model';

/** Versions without a label that AWS keeps, about. */
const MOST_VERSIONS = 100;

export const withStage = (secret: Secret, stage: string): SecretVersion | undefined => secret.versions.find((version) => version.stages.includes(stage));

export const withId = (secret: Secret, id: string): SecretVersion | undefined => secret.versions.find((version) => version.id === id);

export const hasValue = (version: SecretVersion): boolean => version.text !== undefined || version.binary !== undefined;

/** The version that a read names: by id, by label, by both, or the current one. */
export function versionToRead(secret: Secret, id: string | undefined, stage: string | undefined): SecretVersion {
  const label = stage ?? (id === undefined ? CURRENT : undefined);
  const version = id === undefined ? withStage(secret, label!) : withId(secret, id);
  if (version && id !== undefined && label !== undefined && !version.stages.includes(label)) {
    throw new AwsError('InvalidRequestException', 'You provided a VersionStage that is not associated to the provided VersionId.');
  }
  if (!version || !hasValue(version)) {
    const which = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${which}`);
  }
  return version;
}

export interface SecretContent {
  readonly text?: string;
  readonly binary?: string;
}

/**
 * Stores a value under a version id, which doubles as the idempotency token: the same content again changes nothing, other content is
 * refused. An empty version is filled.
 */
export function putVersion(secret: Secret, id: string, content: SecretContent, stages: readonly string[], now: number): SecretVersion {
  const existing = withId(secret, id);
  if (existing && hasValue(existing)) {
    if (existing.text === content.text && existing.binary === content.binary) return existing;
    throw new AwsError('ResourceExistsException', `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`);
  }
  const version: SecretVersion = existing ?? { id, stages: [], createdAt: now };
  if (content.text !== undefined) version.text = content.text;
  if (content.binary !== undefined) version.binary = content.binary;
  if (!existing) secret.versions.push(version);
  for (const stage of stages) moveStage(secret, stage, version);
  // As PutSecretValue documents it: the first version of a secret is the current one, whatever else it is labelled.
  if (secret.versions.length === 1 && !withStage(secret, CURRENT)) moveStage(secret, CURRENT, version);
  secret.changedAt = now;
  dropOldest(secret);
  return version;
}

/** Attaches a label to one version and to no other. The version that AWSCURRENT leaves becomes AWSPREVIOUS. */
export function moveStage(secret: Secret, stage: string, to: SecretVersion | undefined): void {
  const from = withStage(secret, stage);
  if (from === to) return;
  for (const version of secret.versions) version.stages = version.stages.filter((label) => label !== stage);
  to?.stages.push(stage);
  if (stage === CURRENT && from) moveStage(secret, PREVIOUS, from);
}

/** UpdateSecretVersionStage: a label that hangs on a version must be taken from it by name. */
export function updateStage(secret: Secret, stage: string, removeFrom: string | undefined, moveTo: string | undefined): void {
  const holder = withStage(secret, stage);
  if (moveTo === undefined && removeFrom === undefined) throw invalid('You must specify RemoveFromVersionId, MoveToVersionId or both');
  const target = moveTo === undefined ? undefined : withId(secret, moveTo);
  if (moveTo !== undefined && !target) throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for VersionId: ${moveTo}`);
  if (removeFrom !== undefined && holder?.id !== removeFrom) {
    throw invalid(`The parameter RemoveFromVersionId is not valid: staging label ${stage} is not attached to version ${removeFrom}`);
  }
  if (moveTo === undefined && stage === CURRENT) throw invalid('You can\'t remove the staging label AWSCURRENT from a version without moving it to another one');
  if (holder && holder !== target && removeFrom === undefined) {
    throw invalid(`The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`);
  }
  if (target && stage === CURRENT && !hasValue(target)) throw new AwsError('InvalidRequestException', `Version ${target.id} has no value`);
  moveStage(secret, stage, target);
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

function dropOldest(secret: Secret): void {
  const unlabelled = secret.versions.filter((version) => version.stages.length === 0);
  const surplus = new Set(unlabelled.slice(0, Math.max(0, unlabelled.length - MOST_VERSIONS)));
  if (surplus.size > 0) secret.versions = secret.versions.filter((version) => !surplus.has(version));
}

import { randomUUID } from 'node:crypto';
import { isTrue } from '../account';
import { AwsError } from '../errors';
import { ProvisionedResource, ResolvedResource } from '../types';
import { SecretsManager } from './index';
import { CURRENT, RotationRules } from './model';
import { GenerateSecretString, generatedSecret } from './random-password';
import { putVersion } from './versions';

/** AWS::SecretsManager::Secret. With kept data, a secret that exists keeps its versions. */
export function provisionSecret(service: SecretsManager, resource: ResolvedResource, now: number): ProvisionedResource {
  const { properties } = resource;
  const name = (properties.Name as string | undefined) ?? resource.generatedName;
  const existing = service.secrets.find(name);
  const secret = existing ?? service.secrets.create(name, properties);
  if (!existing) {
    const generate = properties.GenerateSecretString as GenerateSecretString | undefined;
    const text = (properties.SecretString as string | undefined) ?? (generate && generatedSecret(generate));
    if (text !== undefined) putVersion(secret, randomUUID(), { text }, [CURRENT], now);
  }
  const replicas = properties.ReplicaRegions as readonly unknown[] | undefined;
  return { ref: secret.arn, attributes: { Id: secret.arn }, notEvaluated: replicas?.length ? ['replica Regions'] : [] };
}

/** AWS::SecretsManager::RotationSchedule. The first rotation starts at once unless the template says otherwise, as CloudFormation does it. */
export function provisionRotationSchedule(service: SecretsManager, resource: ResolvedResource): ProvisionedResource {
  const { properties } = resource;
  const secret = service.secrets.get(properties.SecretId);
  const ref = secret.arn;
  const functionArn = properties.RotationLambdaARN as string | undefined;
  if (functionArn === undefined) return { ref, attributes: { Id: ref }, notEvaluated: ['a rotation without RotationLambdaARN'] };
  const known = secret.rotationEnabled;
  service.rotations.configure(secret, functionArn, rulesOf(properties.RotationRules));
  const immediately = properties.RotateImmediatelyOnUpdate === undefined || isTrue(properties.RotateImmediatelyOnUpdate);
  if (!known) {
    try {
      if (immediately) service.rotations.start(secret, undefined);
      else service.rotations.test(secret, undefined);
    } catch (error) {
      // Kept data may hold an unfinished rotation, which has now been taken up again.
      if (!(error instanceof AwsError)) throw error;
    }
  }
  return { ref, attributes: { Id: ref } };
}

/** AWS::SecretsManager::ResourcePolicy: stored and shown, never evaluated. */
export function provisionResourcePolicy(service: SecretsManager, resource: ResolvedResource): ProvisionedResource {
  const secret = service.secrets.get(resource.properties.SecretId);
  secret.policy = JSON.stringify(resource.properties.ResourcePolicy);
  return { ref: secret.arn, attributes: { Id: secret.arn }, notEvaluated: ['resource policy'] };
}

/** AWS::SecretsManager::SecretTargetAttachment: the connection data of a database, which does not exist here. */
export function provisionTargetAttachment(service: SecretsManager, resource: ResolvedResource): ProvisionedResource {
  const secret = service.secrets.get(resource.properties.SecretId);
  return { ref: secret.arn, attributes: { Id: secret.arn }, notEvaluated: ['connection data of the target'] };
}

function rulesOf(rules: unknown): RotationRules {
  const { AutomaticallyAfterDays: days, ...others } = (rules ?? {}) as Omit<RotationRules, 'AutomaticallyAfterDays'> & { AutomaticallyAfterDays?: unknown };
  return days === undefined ? others : { ...others, AutomaticallyAfterDays: Number(days) };
}

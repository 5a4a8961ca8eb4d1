import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { KeysKind } from './keys';
import { secretArn, secretsOf } from './keys';
import type { Service } from './service';

/**
 * Goes on when it is so. How long that takes is the machine's affair: the test's own time-out ends what never comes true. Between two looks the
 * processor belongs to the functions that are waited for.
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Versions by label. */
export async function labelsOf(client: SecretsManagerClient, arn: string): Promise<Record<string, string[]>> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
  const byLabel: Record<string, string[]> = {};
  for (const [version, labels] of Object.entries(VersionIdsToStages)) for (const label of labels) (byLabel[label] ??= []).push(version);
  return byLabel;
}

/** Until nothing rotates: a schedule that fell due, and the test of the schedule after a deployment, hold a secret as any rotation does. */
export async function settled(client: SecretsManagerClient, arn: string): Promise<void> {
  await until(async () => {
    const { AWSPENDING: pending = [], AWSCURRENT: current = [] } = await labelsOf(client, arn);
    return pending.every((version) => current.includes(version));
  });
}

/** Rotates as an administrator does, and waits for the end of all four steps. */
export async function rotate(service: Service, kind: KeysKind): Promise<void> {
  const client = secretsOf(service);
  const arn = await secretArn(service, kind);
  const describe = () => client.send(new DescribeSecretCommand({ SecretId: arn }));
  await settled(client, arn);
  const before = (await describe()).LastRotatedDate?.getTime();
  const answer = await service.admin({ action: 'rotate-now', keyset: kind });
  if (answer.ok !== true) throw new Error(`rotate-now answered ${JSON.stringify(answer)}`);
  await until(async () => (await describe()).LastRotatedDate?.getTime() !== before);
}

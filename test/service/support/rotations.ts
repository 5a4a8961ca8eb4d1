import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { KeysKind } from './keys';
import { secretArn, secretsOf } from './keys';
import type { Service } from './service';

/** Goes on when it is so. The condition is asked at each turn of the event loop, which is when something may have changed. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; !await condition(); turns += 1) {
    if (turns > 20_000) throw new Error('it never came true');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Versions by label. */
export async function labelsOf(client: SecretsManagerClient, arn: string): Promise<Record<string, string[]>> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
  const byLabel: Record<string, string[]> = {};
  for (const [version, labels] of Object.entries(VersionIdsToStages)) for (const label of labels) (byLabel[label] ??= []).push(version);
  return byLabel;
}

/** Rotates as an administrator does, and waits for the end of all four steps. */
export async function rotate(service: Service, kind: KeysKind): Promise<void> {
  const client = secretsOf(service);
  const arn = await secretArn(service, kind);
  const describe = () => client.send(new DescribeSecretCommand({ SecretId: arn }));
  const before = (await describe()).LastRotatedDate?.getTime();
  const answer = await service.admin({ action: 'rotate-now', keyset: kind });
  if (answer.ok !== true) throw new Error(`rotate-now answered ${JSON.stringify(answer)}`);
  await until(async () => (await describe()).LastRotatedDate?.getTime() !== before);
}

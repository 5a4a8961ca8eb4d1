import { DescribeSecretCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import type { Report } from '../report.ts';
import { eventually, type Target } from '../target.ts';

async function stagesOf(target: Target, secret: string): Promise<{ current: number; pending: number; rotatedAt?: number }> {
  const { VersionIdsToStages: stages = {}, LastRotatedDate: rotated } = await target.secrets.send(new DescribeSecretCommand({ SecretId: secret }));
  const count = (stage: string) => Object.values(stages).filter((labels) => labels.includes(stage)).length;
  // AWSPENDING beside AWSCURRENT is the end of a rotation; alone it is a rotation that was left.
  const stray = Object.values(stages).filter((labels) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT')).length;
  return { current: count('AWSCURRENT'), pending: stray, ...rotated === undefined ? {} : { rotatedAt: rotated.getTime() } };
}

/** @param tags of a secret, as Secrets Manager lists them */
export function isOf(stackName: string, tags: readonly { readonly Key?: string; readonly Value?: string }[]): boolean {
  return tags.some(({ Key: key, Value: value }) => key === 'aws:cloudformation:stack-name' && value === stackName);
}

/** What the deployment left in Secrets Manager. */
export async function firstKeys(report: Report, target: Target): Promise<void> {
  report.heading('The first keys');
  const { SecretList: secrets = [] } = await target.secrets.send(new ListSecretsCommand({ MaxResults: 100 }));
  // CloudFormation names a secret after its logical id alone; the local instance, which runs one stack, tags nothing.
  const ours = secrets.filter(({ Tags: tags = [] }) => target.settings.endpoint !== undefined || isOf(target.stackName, tags));
  report.proves(ours.length >= 2, 'there are secrets of the service', ours.map(({ Name: name }) => name));
  for (const { ARN: arn, Name: name } of ours) {
    const stages = await eventually(2, () => stagesOf(target, arn!), ({ pending }) => pending === 0);
    report.proves(stages.current === 1 && stages.pending === 0, `${name}: one AWSCURRENT, no stray AWSPENDING`, stages);
  }
  const jwks = await target.call('GET', '/.well-known/jwks.json');
  report.proves(jwks.status === 200 && jwks.body.keys?.length >= 1, 'the public keys are published', jwks.body);
  report.proves(jwks.body.keys?.every((key: object) => !('d' in key)) === true, 'and no private one');
}

/** Rotates the signing keys twice: tokens from before stay valid all along. */
export async function rotateTwice(report: Report, target: Target): Promise<void> {
  report.heading('Two rotations of the signing keys');
  const { email } = await target.newUser();
  const before = (await target.login(email)).body.access_token as string;
  for (const turn of [1, 2]) {
    const { rotatedAt } = await stagesOf(target, target.outputs.SigningSecret);
    const asked = await target.admin({ action: 'rotate-now', keyset: 'signing' });
    report.proves(asked.ok === true, `rotation ${turn} is accepted`, asked);
    const after = await eventually(4, () => stagesOf(target, target.outputs.SigningSecret), (stages) => stages.pending === 0 && stages.rotatedAt !== rotatedAt);
    report.proves(after.current === 1 && after.pending === 0 && after.rotatedAt !== rotatedAt, `rotation ${turn} goes through its four steps`, after);
    const me = await target.call('GET', '/me', { bearer: before });
    report.proves(me.status === 200, `after rotation ${turn} a token from before is valid`, `${me.status} ${JSON.stringify(me.body)}`);
    const fresh = await target.login(email);
    report.proves(fresh.status === 200 && (await target.call('GET', '/me', { bearer: fresh.body.access_token })).status === 200, `and so is a new one`, fresh.body?.code);
  }
}

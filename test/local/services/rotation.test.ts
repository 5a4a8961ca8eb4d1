import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, RotateSecretCommand, SecretsManagerClient, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { parseSchedule } from '../../../local/services/schedule';
import { NOW } from './support/dynamodb';
import { Handler, ServicesBench, settings, startServices } from './support/services';

const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:rotate';
const HOUR = 3600 * 1000;
let bench: ServicesBench;
let client: SecretsManagerClient;
let steps: string[];
let secret: string;

beforeEach(async () => {
  bench = await startServices();
  client = new SecretsManagerClient(settings(bench.services));
  steps = [];
  secret = (await bench.create('AWS::SecretsManager::Secret', { SecretString: 'first' })).ref;
  bench.handlers.set(FUNCTION, rotate());
});
afterEach(async () => {
  client.destroy();
  await bench.services.stop();
});

interface Step {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** A rotation function as AWS describes it; `failAt` throws in that step. */
const rotate = (failAt?: string): Handler => async (payload) => {
  const { Step: step, SecretId, ClientRequestToken } = payload as unknown as Step;
  steps.push(step);
  if (step === failAt) throw new Error(`broken at ${step}`);
  if (step === 'createSecret') await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString: `made ${ClientRequestToken}`, VersionStages: ['AWSPENDING'] }));
  if (step === 'finishSecret') {
    const { VersionId } = await client.send(new GetSecretValueCommand({ SecretId }));
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId }));
  }
};

const describe_ = () => client.send(new DescribeSecretCommand({ SecretId: secret }));
const start = (more: object = {}) => client.send(new RotateSecretCommand({ SecretId: secret, RotationLambdaARN: FUNCTION, ...more }));

async function settled(runs: number): Promise<void> {
  while (bench.services.rotations().filter((run) => run.state !== 'running').length < runs) await new Promise((resolve) => setImmediate(resolve));
}

const labelled = async (stage: string) => Object.entries((await describe_()).VersionIdsToStages!).find(([, stages]) => stages.includes(stage))?.[0];

test('a rotation runs the four steps off the request and moves AWSCURRENT', async () => {
  const { VersionId } = await start();
  await settled(1);
  expect(steps).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  expect((await client.send(new GetSecretValueCommand({ SecretId: secret }))).SecretString).toBe(`made ${VersionId}`);
  expect(await labelled('AWSCURRENT')).toBe(VersionId);
  expect(await describe_()).toMatchObject({ RotationEnabled: true, RotationLambdaARN: FUNCTION, LastRotatedDate: new Date(NOW) });
  expect(bench.services.rotations()).toMatchObject([{ versionId: VersionId, kind: 'rotate', state: 'succeeded' }]);
});

test('the version begins empty and pending', async () => {
  let seen: unknown;
  bench.handlers.set(FUNCTION, async (payload) => {
    const { Step: step, ClientRequestToken } = payload as unknown as Step;
    if (step !== 'createSecret') return;
    seen = [
      (await describe_()).VersionIdsToStages![ClientRequestToken],
      await client.send(new GetSecretValueCommand({ SecretId: secret, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' })).catch((error: Error) => error.name),
    ];
  });
  await start();
  await settled(1);
  expect(seen).toEqual([['AWSPENDING'], 'ResourceNotFoundException']);
});

test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])('a failure at %s leaves AWSCURRENT alone and blocks the next rotation, which takes it up again', async (step) => {
  bench.handlers.set(FUNCTION, rotate(step));
  const { VersionId } = await start();
  await settled(1);
  expect(bench.services.rotations()).toMatchObject([{ state: 'failed', failedStep: step, error: `broken at ${step}` }]);
  expect((await client.send(new GetSecretValueCommand({ SecretId: secret }))).SecretString).toBe('first');

  bench.handlers.set(FUNCTION, rotate());
  await expect(start()).rejects.toMatchObject({ name: 'InvalidRequestException', message: 'A previous rotation isn\'t complete. That rotation will be reattempted.' });
  await settled(2);
  expect(await labelled('AWSCURRENT')).toBe(VersionId);
  await start();
  await settled(3);
});

test('not at once: only testSecret, on a version that is gone afterwards', async () => {
  let value: unknown;
  bench.handlers.set(FUNCTION, async (payload) => {
    const { Step: step, ClientRequestToken } = payload as unknown as Step;
    steps.push(step);
    value = await client.send(new GetSecretValueCommand({ SecretId: secret, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' })).catch((error: Error) => error.name);
  });
  await start({ RotateImmediately: false, RotationRules: { ScheduleExpression: 'rate(30 days)' } });
  await settled(1);
  expect([steps, value]).toEqual([['testSecret'], 'ResourceNotFoundException']);
  expect(await labelled('AWSPENDING')).toBeUndefined();
  expect(await describe_()).toMatchObject({ RotationEnabled: true, NextRotationDate: new Date(NOW + 30 * 24 * HOUR) });
  expect(bench.services.rotations()).toMatchObject([{ kind: 'test', state: 'succeeded' }]);
});

test('a secret without a rotation function cannot be rotated', async () => {
  await expect(client.send(new RotateSecretCommand({ SecretId: secret }))).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

describe('the schedule of a template', () => {
  const schedule = (more: object = {}) => bench.create('AWS::SecretsManager::RotationSchedule', {
    SecretId: secret, RotationLambdaARN: FUNCTION, RotationRules: { ScheduleExpression: 'cron(0 8 1 * ? *)' }, ...more,
  });

  test('rotates when the virtual clock passes its time, once', async () => {
    await schedule({ RotateImmediatelyOnUpdate: 'false' });
    await settled(1);
    steps = [];
    bench.clock.time = Date.parse('2026-12-01T07:59:59Z');
    bench.services.clockChanged();
    expect(bench.services.rotations()).toHaveLength(1);
    bench.clock.time = Date.parse('2027-02-15T00:00:00Z');
    bench.services.clockChanged();
    await settled(2);
    bench.services.clockChanged();
    expect(bench.services.rotations()).toHaveLength(2);
    expect(steps).toHaveLength(4);
    expect((await describe_()).NextRotationDate).toEqual(new Date('2027-03-01T08:00:00Z'));
  });

  test('begins with a rotation unless told otherwise', async () => {
    await schedule();
    await settled(1);
    expect(steps).toHaveLength(4);
  });
});

test.each([
  ['rate(4 hours)', '2026-11-22T04:00:00Z'],
  ['rate(1 day)', '2026-11-23T00:00:00Z'],
  ['cron(0 8 * * ? *)', '2026-11-22T08:00:00Z'],
  ['cron(0 0 * * ? *)', '2026-11-23T00:00:00Z'],
  ['cron(0 0/8 * * ? *)', '2026-11-22T08:00:00Z'],
  ['cron(30 6 ? * MON-FRI *)', '2026-11-23T06:30:00Z'],
  ['cron(0 0 L * ? *)', '2026-11-30T00:00:00Z'],
  ['cron(0 0 ? * 2#1 *)', '2026-12-07T00:00:00Z'],
  ['cron(0 0 ? * 6L *)', '2026-11-27T00:00:00Z'],
  ['cron(0 0 1 JAN,JUL ? *)', '2027-01-01T00:00:00Z'],
  ['cron(0 0 29 2 ? *)', '2028-02-29T00:00:00Z'],
  ['cron(0 12 1 1 ? 2030)', '2030-01-01T12:00:00Z'],
])('%s is due next at %s', (expression, expected) => {
  expect(new Date(parseSchedule(expression).next(NOW, NOW)).toISOString()).toBe(new Date(expected).toISOString());
});

test.each(['every day', 'rate(1 fortnight)', 'cron(0 8 * * ?)', 'cron(61 8 * * ? *)'])('%s is no schedule', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(/not a/);
});

test('a rate that was missed keeps its beat', () => {
  expect(parseSchedule('rate(4 hours)').next(NOW + 9 * HOUR, NOW)).toBe(NOW + 12 * HOUR);
});

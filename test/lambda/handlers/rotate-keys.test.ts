import { RequestDeadline } from '../../../lambda/adapters/deadline';
import { AsyncRequestScope } from '../../../lambda/adapters/log/request-scope';
import { createKeyFactory } from '../../../lambda/adapters/jose/key-factory';
import { nodeCrypto } from '../../../lambda/adapters/node-crypto/crypto';
import { MemoryRevocationStore, MemoryTables } from '../../../lambda/adapters/memory';
import { createHandler } from '../../../lambda/handlers/rotate-keys/handler';
import type { DeploymentAnswer } from '../../../lambda/ports/deployment';
import type { VersionedSecret } from '../../../lambda/ports/keys';
import { AuditRecorder } from '../support/audit-recorder';
import { FixedClock } from '../support/fixed-clock';
import { TIME_LEFT } from '../support/time-left';

function start(secrets: Partial<VersionedSecret>) {
  const answers: [string, DeploymentAnswer][] = [];
  const logged: string[] = [];
  const note = (message: string): void => { logged.push(message); };
  const audit = new AuditRecorder();
  const handler = createHandler({
    scope: new AsyncRequestScope(),
    deadline: new RequestDeadline(),
    secrets: secrets as VersionedSecret,
    published: new MemoryRevocationStore(new MemoryTables()),
    factory: createKeyFactory(),
    clock: new FixedClock(1_800_000_000_000),
    crypto: nodeCrypto,
    audit,
    log: { error: note, warn: note, info: note, debug: note },
    pause: async () => undefined,
    reporter: { report: async (url, answer) => { answers.push([url, answer]); } },
    settings: { signingSecret: 'arn:signing', refreshSecret: 'arn:refresh', algorithm: 'ES256', accessTokenTtl: 900, sessionTtl: 86400 },
  });
  return { answers, logged, audit, handle: (event: unknown, left = TIME_LEFT) => handler(event, { ...left, awsRequestId: 'aws-1' }) };
}

const custom = {
  RequestType: 'Create',
  ResponseURL: 'https://bucket.example/presigned',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'FirstKeys',
  ResourceType: 'Custom::AuthServiceKeys',
  ResourceProperties: { Keyset: 'signing' },
};
const identity = { stackId: 'stack', requestId: 'request', logicalResourceId: 'FirstKeys' };

/** Just enough of a secret to hold first versions. */
function emptySecrets(): Partial<VersionedSecret> {
  const values = new Map<string, { versionId: string; value: string }>();
  return {
    read: async (id) => values.get(id),
    put: async (id, versionId, value) => { values.set(id, { versionId, value }); return 'stored'; },
    moveStage: async () => 'moved',
    describe: async () => ({ rotationEnabled: true, stages: new Map() }),
  };
}

test('a deployment makes the first keys and is told so', async () => {
  const { answers, audit, handle } = start(emptySecrets());
  await handle(custom);
  await handle({ ...custom, RequestType: 'Update', PhysicalResourceId: 'as-before' });
  expect(answers).toEqual([
    [custom.ResponseURL, expect.objectContaining({ status: 'SUCCESS', ...identity })],
    [custom.ResponseURL, expect.objectContaining({ status: 'SUCCESS', ...identity, physicalResourceId: 'as-before' })],
  ]);
  expect(audit.count('keys_created')).toBe(2);
});

test('deletion touches nothing', async () => {
  const { answers, handle } = start({});
  await handle({ ...custom, RequestType: 'Delete', PhysicalResourceId: 'x' });
  expect(answers).toEqual([[custom.ResponseURL, expect.objectContaining({ status: 'SUCCESS', physicalResourceId: 'x' })]]);
});

test('a failure fails the deployment, without text from inside', async () => {
  const { answers, logged, handle } = start({ read: async () => { throw new Error('canary'); } });
  await handle(custom);
  expect(answers).toEqual([[custom.ResponseURL, expect.objectContaining({ status: 'FAILED', ...identity })]]);
  expect(JSON.stringify(answers)).not.toContain('canary');
  expect(logged).toHaveLength(1);
});

test('T28 a step that fails is thrown to Secrets Manager and leaves its event', async () => {
  const { audit, handle } = start({ read: async () => { throw new Error('no'); }, describe: async () => { throw new Error('no'); } });
  await expect(handle({ Step: 'createSecret', SecretId: 'arn:signing', ClientRequestToken: 't' })).rejects.toThrow();
  await expect(handle({ Step: 'dropSecret', SecretId: 'arn:signing', ClientRequestToken: 't' })).rejects.toThrow('unknown step');
  await expect(handle({ Step: 'createSecret', SecretId: 'arn:other', ClientRequestToken: 't' })).rejects.toThrow('not a secret of this service');
  expect(audit.count('keys_rotation_failed')).toBe(3);
});

describe('a dependency that hangs', () => {
  const hanging = { read: () => new Promise<never>(() => undefined), describe: () => new Promise<never>(() => undefined) };
  const almostOver = { getRemainingTimeInMillis: () => 20 };

  test('RS-05 T28 a deployment hears of it before the function is cut off: CloudFormation would wait for an hour', async () => {
    const { answers, logged, handle } = start(hanging);
    await handle(custom, almostOver);
    expect(answers).toEqual([[custom.ResponseURL, expect.objectContaining({ status: 'FAILED', ...identity })]]);
    expect(logged).toEqual(['the first keys could not be made']);
  });

  test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])('RS-05 T28 %s fails by itself, with its event and its line', async (Step) => {
    const { audit, logged, handle } = start(hanging);
    await expect(handle({ Step, SecretId: 'arn:signing', ClientRequestToken: 't' }, almostOver)).rejects.toMatchObject({ name: 'UnavailableError' });
    expect(audit.count('keys_rotation_failed')).toBe(1);
    expect(logged).toEqual(['the step failed']);
  });
});

test.each([[null], ['x'], [{}], [{ Step: 'createSecret' }], [{ ...custom, RequestType: 'Replace' }], [{ ...custom, ResponseURL: 7 }]])('%j is not for this function', async (event) => {
  const { answers, handle } = start({});
  await expect(handle(event)).rejects.toThrow('neither a step of a rotation nor a custom resource');
  expect(answers).toEqual([]);
});

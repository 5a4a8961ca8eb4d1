import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { SecretsManagerSecret } from '../../lambda/adapters/secrets-manager';
import { Calls } from '../../local/services/calls';
import { Endpoint } from '../../local/services/endpoint';
import { FaultRules } from '../../local/services/faults';
import { SecretsManager } from '../../local/services/secrets-manager';
import { FaultSpec } from '../../local/services/types';
import { FakeSecrets } from '../lambda/support/fake-secrets';
import { describeVersionedSecret } from './suites/secrets';
import { unique } from './suites/stores';

describeVersionedSecret('memory', async () => {
  const secrets = new FakeSecrets();
  secrets.create('secret');
  return { secrets, secretId: 'secret' };
});

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:rotate';
const service = new SecretsManager({
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  now: () => Date.UTC(2026, 10, 1),
  // Every step fails, so that a rotation stays where the test leaves it.
  functions: { invoke: async () => ({ payload: '{"errorMessage":"not here"}', functionError: 'Unhandled', executedVersion: '1', requestId: 'r', logTail: '' }) },
});
const faults = new FaultRules();
const endpoint = new Endpoint({ port: 0, now: () => Date.UTC(2026, 10, 1), services: [service], faults, calls: new Calls() });
let client: SecretsManagerClient;

beforeAll(async () => {
  await endpoint.start();
  client = new SecretsManagerClient({ endpoint: endpoint.url, region: 'us-east-1', credentials: { accessKeyId: 'TEST', secretAccessKey: 'test' }, retryStrategy: new ConfiguredRetryStrategy(3, 1), requestHandler: { requestTimeout: 300, throwOnRequestTimeout: true } });
});
afterEach(() => faults.remove());
afterAll(async () => {
  client.destroy();
  await service.rotations.settled();
  await endpoint.stop();
});

function aSecret() {
  const secret = service.secrets.create(unique('secret-'), {});
  service.rotations.configure(secret, FUNCTION, undefined);
  return { secrets: new SecretsManagerSecret(client), secretId: secret.arn };
}

describeVersionedSecret('Secrets Manager', async () => aSecret());

describe('faults at every call of Secrets Manager', () => {
  const calls: [string, string, unknown, (secret: ReturnType<typeof aSecret>, versionId: string) => Promise<unknown>][] = [
    ['read', 'GetSecretValue', { value: 'canary' }, ({ secrets, secretId }) => secrets.read(secretId, { stage: 'AWSCURRENT' })],
    ['put', 'PutSecretValue', 'stored', ({ secrets, secretId }) => secrets.put(secretId, '0'.repeat(32), 'two', ['AWSPENDING'])],
    ['moveStage', 'UpdateSecretVersionStage', 'moved', ({ secrets, secretId }, id) => secrets.moveStage(secretId, 'LABEL', id, undefined)],
    ['describe', 'DescribeSecret', { rotationEnabled: true }, ({ secrets, secretId }) => secrets.describe(secretId)],
  ];
  const effects: FaultSpec['effect'][] = ['throttle', 'error', 'timeout', 'drop', 'deny'];

  describe.each(calls)('%s', (_, operation, answer, call) => {
    test.each(effects)('%s: unavailable, and no value in the error', async (effect) => {
      const secret = aSecret();
      const id = '1'.repeat(32);
      await secret.secrets.put(secret.secretId, id, 'canary', ['AWSCURRENT']);
      faults.add({ operation, effect });
      const error: unknown = await call(secret, id).catch((e: unknown) => e);
      expect(error).toMatchObject({ name: 'UnavailableError', dependency: 'secrets' });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
    });

    test('a response lost after the commit', async () => {
      const secret = aSecret();
      const id = '1'.repeat(32);
      await secret.secrets.put(secret.secretId, id, 'canary', ['AWSCURRENT']);
      faults.add({ operation, effect: 'commit-then-drop', times: 1 });
      expect({ answer: await call(secret, id) }).toMatchObject({ answer });
    });
  });

  test('a rotation that cannot be started for another reason is no rotation in progress', async () => {
    const secret = service.secrets.create(unique('secret-'), {});
    await expect(new SecretsManagerSecret(client).startRotation(secret.arn)).rejects.toMatchObject({ name: 'UnavailableError' });
  });
});

import { randomUUID } from 'node:crypto';
import { SignedHttpSecretReader, SignedTransport } from '../../../../lambda/adapters/signed-http';
import { Calls } from '../../../../local/services/calls';
import { Endpoint } from '../../../../local/services/endpoint';
import { FaultRules } from '../../../../local/services/faults';
import { SecretsManager } from '../../../../local/services/secrets-manager';
import { putVersion } from '../../../../local/services/secrets-manager/versions';
import { FaultSpec } from '../../../../local/services/types';
import { unique } from '../../../contract/suites/stores';

const now = () => Date.UTC(2026, 10, 1);
const functions = { invoke: async () => ({ payload: '', executedVersion: '1', requestId: 'r', logTail: '' }) };
const service = new SecretsManager({ region: 'us-east-1', accountId: '000000000000', partition: 'aws', now, functions });
const faults = new FaultRules();
const endpoint = new Endpoint({ port: 0, now, services: [service], faults, calls: new Calls() });
const transports: SignedTransport[] = [];

beforeAll(() => endpoint.start());
afterEach(() => faults.remove());
afterAll(async () => {
  for (const transport of transports) transport.close();
  await endpoint.stop();
});

function reader(timeoutMs = 5000): SignedHttpSecretReader {
  const credentials = () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' });
  const transport = new SignedTransport({ service: 'secretsmanager', region: 'us-east-1', endpoint: endpoint.url, credentials, timeoutMs });
  transports.push(transport);
  return new SignedHttpSecretReader(transport, () => Promise.resolve());
}

/** A secret whose current version holds `canary`, and one more that was never filled. */
function aSecret() {
  const secret = service.secrets.create(unique('secret-'), {});
  const [current, empty] = [randomUUID(), randomUUID()];
  putVersion(secret, current, { text: 'canary' }, ['AWSCURRENT'], now());
  secret.versions.push({ id: empty, stages: ['AWSPENDING'], createdAt: now() });
  return { secretId: secret.arn, current, empty };
}

test('reads by label and by id, and nothing where there is nothing', async () => {
  const { secretId, current, empty } = aSecret();
  const secrets = reader();
  expect(await secrets.read(secretId, { stage: 'AWSCURRENT' })).toEqual({ versionId: current, value: 'canary' });
  expect(await secrets.read(secretId, { versionId: current })).toEqual({ versionId: current, value: 'canary' });
  expect(await secrets.read(secretId, { versionId: empty })).toBeUndefined();
  expect(await secrets.read(secretId, { stage: 'AWSPREVIOUS' })).toBeUndefined();
  expect(await secrets.read(`${secretId}x`, { stage: 'AWSCURRENT' })).toBeUndefined();
});

test('a binary value is none of ours', async () => {
  const secret = service.secrets.create(unique('secret-'), {});
  putVersion(secret, randomUUID(), { binary: Buffer.from('canary').toString('base64') }, ['AWSCURRENT'], now());
  expect(await reader().read(secret.arn, { stage: 'AWSCURRENT' })).toBeUndefined();
});

describe('faults at the call of Secrets Manager', () => {
  const timeoutOf = (effect: FaultSpec['effect'], short: number) => (effect === 'timeout' ? short : 5000);

  test.each<[FaultSpec['effect'], number]>([['throttle', 3], ['error', 3], ['timeout', 3], ['drop', 3], ['deny', 1]])('%s: unavailable after %i tries', async (effect, tries) => {
    const { secretId } = aSecret();
    const fault = faults.add({ operation: 'GetSecretValue', effect });
    await expect(reader(timeoutOf(effect, 60)).read(secretId, { stage: 'AWSCURRENT' })).rejects.toMatchObject({ name: 'UnavailableError', dependency: 'secrets' });
    expect(faults.list().find(({ id }) => id === fault.id)!.applied).toBe(tries);
  });

  test.each<FaultSpec['effect']>(['throttle', 'error', 'timeout', 'drop', 'commit-then-drop'])('%s twice: the third try answers', async (effect) => {
    const { secretId } = aSecret();
    faults.add({ operation: 'GetSecretValue', effect, times: 2 });
    expect(await reader(timeoutOf(effect, 400)).read(secretId, { stage: 'AWSCURRENT' })).toMatchObject({ value: 'canary' });
  });
});

test('an answer that no parser takes is not quoted', async () => {
  const answer = { status: 200, headers: {}, body: '{"SecretString":"canary", }' };
  const secrets = new SignedHttpSecretReader({ send: async () => answer }, () => Promise.resolve());
  const error: unknown = await secrets.read('secret', { stage: 'AWSCURRENT' }).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'UnavailableError', dependency: 'secrets' });
  expect(String((error as Error).cause) + (error as Error).stack).not.toContain('canary');
});

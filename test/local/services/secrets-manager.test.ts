import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetRandomPasswordCommand, GetSecretValueCommand, ListSecretVersionIdsCommand,
  PutSecretValueCommand, RestoreSecretCommand, SecretsManagerClient, UpdateSecretCommand, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { ServicesBench, settings, startServices } from './support/services';

let bench: ServicesBench;
let client: SecretsManagerClient;
let count = 0;
beforeAll(async () => {
  bench = await startServices();
  client = new SecretsManagerClient(settings(bench.services));
});
afterAll(async () => {
  client.destroy();
  await bench.services.stop();
});

const token = (n: number | string) => String(n).padStart(32, '0');
const read = (SecretId: string, which: { VersionId?: string; VersionStage?: string } = {}) => client.send(new GetSecretValueCommand({ SecretId, ...which }));
const put = (SecretId: string, n: number, SecretString: string, VersionStages?: string[]) =>
  client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken: token(n), SecretString, ...(VersionStages ? { VersionStages } : {}) }));
const move = (SecretId: string, VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
  client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }));
const stages = async (SecretId: string) => (await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;

async function secretWith(value: string): Promise<string> {
  count += 1;
  const { Name } = await client.send(new CreateSecretCommand({ Name: `secret-${count}`, SecretString: value, ClientRequestToken: token(1) }));
  return Name!;
}

describe('versions and labels', () => {
  test('the first version of a secret is the current one, whatever it is labelled, and no later one is', async () => {
    count += 1;
    const { Name: id } = await client.send(new CreateSecretCommand({ Name: `secret-${count}` }));
    await put(id!, 1, 'one', ['FIRST']);
    await put(id!, 2, 'two', ['SECOND']);
    expect((await read(id!)).SecretString).toBe('one');
    expect(await stages(id!)).toEqual({ [token(1)]: ['FIRST', 'AWSCURRENT'], [token(2)]: ['SECOND'] });
  });

  test('a value is read by name, ARN, label and version', async () => {
    const id = await secretWith('one');
    await put(id, 2, 'two');
    const { ARN } = await read(id);
    expect((await read(ARN!)).SecretString).toBe('two');
    expect((await read(id, { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
    expect((await read(id, { VersionId: token(1) })).SecretString).toBe('one');
    expect(await stages(id)).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] });
    await expect(read(id, { VersionId: token(1), VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(read(id, { VersionStage: 'AWSPENDING' })).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Secrets Manager can\'t find the specified secret value for staging label: AWSPENDING' });
    await expect(read('missing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('the request token makes a put repeatable, and refuses other content', async () => {
    const id = await secretWith('one');
    await put(id, 2, 'two', ['AWSPENDING']);
    await put(id, 2, 'two', ['AWSPENDING']);
    await expect(put(id, 2, 'other', ['AWSPENDING'])).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect((await read(id)).SecretString).toBe('one');
    expect((await read(id, { VersionStage: 'AWSPENDING' })).SecretString).toBe('two');
  });

  test('a version without a label is deprecated: hidden from the description, readable by id', async () => {
    const id = await secretWith('one');
    await put(id, 2, 'two');
    await put(id, 3, 'three');
    expect(await stages(id)).toEqual({ [token(2)]: ['AWSPREVIOUS'], [token(3)]: ['AWSCURRENT'] });
    expect((await read(id, { VersionId: token(1) })).SecretString).toBe('one');
    const all = await client.send(new ListSecretVersionIdsCommand({ SecretId: id, IncludeDeprecated: true }));
    expect(all.Versions?.map(({ VersionId }) => VersionId)).toEqual([token(1), token(2), token(3)]);
    expect((await client.send(new ListSecretVersionIdsCommand({ SecretId: id }))).Versions).toHaveLength(2);
  });
});

describe('UpdateSecretVersionStage', () => {
  test('moves AWSCURRENT away from the version that is named, which becomes AWSPREVIOUS', async () => {
    const id = await secretWith('one');
    await put(id, 2, 'two', ['AWSPENDING']);
    await move(id, 'AWSCURRENT', token(2), token(1));
    expect(await stages(id)).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSPENDING', 'AWSCURRENT'] });
  });

  test('a label that hangs elsewhere must be taken from there by name', async () => {
    const id = await secretWith('one');
    await put(id, 2, 'two', ['AWSPENDING']);
    await expect(move(id, 'AWSCURRENT', token(2))).rejects.toMatchObject({ name: 'InvalidParameterException', message: expect.stringContaining('RemoveFromVersionId can\'t be empty') as string });
    await expect(move(id, 'AWSCURRENT', token(2), token(2))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect((await read(id)).SecretString).toBe('one');
  });

  test('a move to where it is changes nothing; a label may be removed, but not AWSCURRENT', async () => {
    const id = await secretWith('one');
    await put(id, 2, 'two', ['AWSPENDING']);
    await move(id, 'AWSCURRENT', token(1));
    await move(id, 'AWSPENDING', undefined, token(2));
    expect(await stages(id)).toEqual({ [token(1)]: ['AWSCURRENT'] });
    await expect(move(id, 'AWSCURRENT', undefined, token(1))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(move(id, 'custom', token(9))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

test('a deleted secret refuses reads until it is restored', async () => {
  const id = await secretWith('one');
  await client.send(new DeleteSecretCommand({ SecretId: id }));
  await expect(read(id)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await client.send(new RestoreSecretCommand({ SecretId: id }));
  expect((await read(id)).SecretString).toBe('one');
  await client.send(new DeleteSecretCommand({ SecretId: id, ForceDeleteWithoutRecovery: true }));
  await expect(read(id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('UpdateSecret makes a version, binary values pass', async () => {
  const id = await secretWith('one');
  await client.send(new UpdateSecretCommand({ SecretId: id, SecretBinary: Buffer.from([0, 255, 1]), Description: 'd' }));
  expect(Buffer.from((await read(id)).SecretBinary!)).toEqual(Buffer.from([0, 255, 1]));
  expect((await client.send(new DescribeSecretCommand({ SecretId: id }))).Description).toBe('d');
});

describe('secrets of a template', () => {
  test('generate a password inside a JSON object', async () => {
    const made = await bench.create('AWS::SecretsManager::Secret', {
      GenerateSecretString: { SecretStringTemplate: '{"user":"u"}', GenerateStringKey: 'password', PasswordLength: 20, ExcludePunctuation: true, ExcludeNumbers: 'true' },
    }, 'Generated');
    expect(made.ref).toMatch(/^arn:aws:secretsmanager:eu-central-1:111122223333:secret:Stack-Generated-ABCDEFGHIJKL-[A-Za-z0-9]{6}$/);
    const value = JSON.parse((await read(made.ref)).SecretString!) as Record<string, string>;
    expect(value).toEqual({ user: 'u', password: expect.stringMatching(/^[A-Za-z]{20}$/) as string });
    expect(bench.services.secretValue(made.ref, 'user')).toBe('u');
    expect(bench.services.secretValue(made.ref, 'nothing')).toBeUndefined();
    expect(bench.services.secretValue('nothing')).toBeUndefined();
  });

  test('a secret without a value has no version', async () => {
    const made = await bench.create('AWS::SecretsManager::Secret', {}, 'Empty');
    await expect(read(made.ref)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('a random password has one of each kind', async () => {
    const { RandomPassword: password } = await client.send(new GetRandomPasswordCommand({ PasswordLength: 4 }));
    expect([/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].every((kind) => kind.test(password!))).toBe(true);
  });

  test('outlive the instance in a data directory', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'secrets-'));
    try {
      const values: (string | undefined)[] = [];
      for (let start = 0; start < 2; start += 1) {
        const { services, create } = await startServices({ dataDir });
        values.push(services.secretValue((await create('AWS::SecretsManager::Secret', { GenerateSecretString: {} }, 'Kept')).ref));
        await services.stop();
      }
      expect(values[0]).toHaveLength(32);
      expect(values[1]).toBe(values[0]);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});

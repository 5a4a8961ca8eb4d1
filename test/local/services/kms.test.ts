import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand, DescribeKeyCommand, EncryptCommand, GenerateDataKeyCommand, GenerateMacCommand, GetPublicKeyCommand, KMSClient, ListAliasesCommand,
  ReEncryptCommand, ScheduleKeyDeletionCommand, SignCommand, SigningAlgorithmSpec, VerifyCommand, VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { ServicesBench, settings, startServices } from './support/services';

let bench: ServicesBench;
let client: KMSClient;
let count = 0;
beforeAll(async () => {
  bench = await startServices();
  client = new KMSClient(settings(bench.services));
});
afterAll(async () => {
  client.destroy();
  await bench.services.stop();
});

async function key(properties: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  return (await bench.create('AWS::KMS::Key', { KeyPolicy: {}, ...properties }, `Key${count}`)).attributes.Arn as string;
}
const text = Buffer.from('plain text');

test('a ciphertext opens under its key and context only', async () => {
  const KeyId = await key();
  const EncryptionContext = { uid: 'u1', purpose: 'totp' };
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: text, EncryptionContext }));
  expect(Buffer.from(CiphertextBlob!).includes(text)).toBe(false);
  const open = (context: Record<string, string>) => client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  expect(Buffer.from((await open({ purpose: 'totp', uid: 'u1' })).Plaintext!)).toEqual(text);
  await expect(open({ uid: 'u2', purpose: 'totp' })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  await expect(open({})).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  await expect(client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: await key() }))).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  await expect(client.send(new DecryptCommand({ CiphertextBlob: Buffer.from('rubbish') }))).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
});

test('data keys and re-encryption', async () => {
  const [first, second] = [await key(), await key()];
  const made = await client.send(new GenerateDataKeyCommand({ KeyId: first, KeySpec: 'AES_256' }));
  expect(made.Plaintext).toHaveLength(32);
  const moved = await client.send(new ReEncryptCommand({ CiphertextBlob: made.CiphertextBlob, DestinationKeyId: second, DestinationEncryptionContext: { a: 'b' } }));
  const opened = await client.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { a: 'b' } }));
  expect([opened.KeyId, Buffer.from(opened.Plaintext!)]).toEqual([second, Buffer.from(made.Plaintext!)]);
});

test.each<[string, SigningAlgorithmSpec, string | null]>([
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
  ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', null],
])('a signature of a %s key verifies with its public key', async (KeySpec, SigningAlgorithm, hash) => {
  const KeyId = await key({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
  const { Signature } = await client.send(new SignCommand({ KeyId, Message: text, MessageType: 'RAW', SigningAlgorithm }));
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
  expect(verify(hash, text, publicKey, Signature!)).toBe(true);
  const check = (Message: Buffer) => client.send(new VerifyCommand({ KeyId, Message, Signature, SigningAlgorithm }));
  expect((await check(text)).SignatureValid).toBe(true);
  await expect(check(Buffer.from('other'))).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  await expect(client.send(new EncryptCommand({ KeyId, Plaintext: text }))).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
});

test('MACs verify under their key only', async () => {
  const KeyId = await key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const MacAlgorithm = 'HMAC_SHA_256';
  const { Mac } = await client.send(new GenerateMacCommand({ KeyId, Message: text, MacAlgorithm }));
  expect((await client.send(new VerifyMacCommand({ KeyId, Message: text, Mac, MacAlgorithm }))).MacValid).toBe(true);
  await expect(client.send(new VerifyMacCommand({ KeyId, Message: Buffer.from('x'), Mac, MacAlgorithm }))).rejects.toMatchObject({ name: 'KMSInvalidMacException' });
});

test('an alias stands for its key; disabled and deleted keys refuse', async () => {
  const KeyId = await key();
  await bench.create('AWS::KMS::Alias', { AliasName: 'alias/auth', TargetKeyId: KeyId });
  expect((await client.send(new EncryptCommand({ KeyId: 'alias/auth', Plaintext: text }))).KeyId).toBe(KeyId);
  expect((await client.send(new ListAliasesCommand({}))).Aliases).toMatchObject([{ AliasName: 'alias/auth' }]);
  const disabled = await key({ Enabled: false });
  await expect(client.send(new EncryptCommand({ KeyId: disabled, Plaintext: text }))).rejects.toMatchObject({ name: 'DisabledException' });
  await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('PendingDeletion');
  await expect(client.send(new EncryptCommand({ KeyId, Plaintext: text }))).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  await expect(client.send(new DescribeKeyCommand({ KeyId: 'missing' }))).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('a key outlives the instance in a data directory', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kms-'));
  try {
    const first = await startServices({ dataDir });
    const before = new KMSClient(settings(first.services));
    const made = await first.create('AWS::KMS::Key', {}, 'Kept');
    const { CiphertextBlob } = await before.send(new EncryptCommand({ KeyId: made.ref, Plaintext: text }));
    before.destroy();
    await first.services.stop();
    const second = await startServices({ dataDir });
    const after = new KMSClient(settings(second.services));
    expect((await second.create('AWS::KMS::Key', {}, 'Kept')).ref).toBe(made.ref);
    expect(Buffer.from((await after.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!)).toEqual(text);
    after.destroy();
    await second.services.stop();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { KmsKeyList, KmsTokenSigner } from '../../../../lambda/adapters/kms';
import { jwsSignature } from '../../../../lambda/adapters/kms/jws-signature';
import { deniedAction } from '../../../../lambda/domain/denied-action';
import { Refusal } from '../../../../lambda/adapters/signed-http';
import { PublishedKeySet } from '../../../../lambda/domain/model';
import { FixedClock } from '../../support/fixed-clock';

const NOW = Date.UTC(2026, 10, 1);
const arn = (kid: string): string => `arn:aws:kms:eu-west-1:123456789012:key/${kid}`;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('a signature of KMS as a JWS carries it', () => {
  test('ES256: DER becomes R || S, of 64 bytes whatever the numbers are', () => {
    for (let round = 0; round < 300; round += 1) {
      const message = Buffer.from(`message ${round}`);
      const signature = jwsSignature('ES256', sign('sha256', message, pair.privateKey));
      expect(signature).toHaveLength(64);
      expect(verify('sha256', message, { key: pair.publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    }
  });

  test.each([
    ['nothing', ''], ['no sequence', '3106020101020101'], ['cut off', '30060201010201'], ['bytes after it', '300602010102010100'],
    ['a number of 33 bytes', `3026022101${'ff'.repeat(32)}020101`], ['a number of no bytes', '30050200020101'],
  ])('ES256: %s is refused', (_name, hex) => {
    expect(() => jwsSignature('ES256', Buffer.from(hex, 'hex'))).toThrow('malformed');
  });

  test('EdDSA has 64 bytes', () => {
    expect(jwsSignature('EdDSA', Buffer.alloc(64))).toHaveLength(64);
    expect(() => jwsSignature('EdDSA', Buffer.alloc(63))).toThrow('malformed');
  });
});

describe('KmsTokenSigner', () => {
  const set: PublishedKeySet = {
    version: 1, updatedAt: 0,
    keys: ['young', 'old'].map((kid) => ({ kid, alg: 'ES256', jwk: {}, publishedAt: 0, state: 'active', keeper: 'kms', keyArn: arn(kid) })),
  };
  const asked: Record<string, unknown>[] = [];
  beforeEach(() => void asked.splice(0));

  function signer(answer: (input: Record<string, unknown>) => unknown, published: PublishedKeySet | undefined = set): KmsTokenSigner {
    const read = async (_operation: string, input: object) => {
      asked.push(input as Record<string, unknown>);
      return answer(input as Record<string, unknown>) as Record<string, unknown>;
    };
    return new KmsTokenSigner({ read }, { readPublishedKeys: async () => published }, new FixedClock(NOW));
  }

  const genuine = ({ Message }: Record<string, unknown>) => ({ Signature: sign('sha256', Buffer.from(String(Message), 'base64'), pair.privateKey).toString('base64') });

  test('asks for one signature of the whole token with the newest key', async () => {
    const [header, payload, signature] = (await signer(genuine).sign({ sub: 'u' })).split('.');
    expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'young' });
    expect(asked).toEqual([{ KeyId: arn('young'), Message: Buffer.from(`${header}.${payload}`).toString('base64'), MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }]);
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), { key: pair.publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature!, 'base64url'))).toBe(true);
  });

  test('passes over a key that KMS refuses, and is unavailable when it refuses all', async () => {
    const refusing = (...kids: string[]) => signer((input) => {
      if (kids.map(arn).includes(String(input.KeyId))) throw new Refusal('Sign: status 400 DisabledException', 'DisabledException');
      return genuine(input);
    });
    expect(JSON.parse(Buffer.from((await refusing('young').sign({})).split('.')[0]!, 'base64url').toString()).kid).toBe('old');
    await expect(refusing('young', 'old').sign({})).rejects.toMatchObject({ code: 'unavailable', dependency: 'signing-keys' });
  });

  test.each([
    ['an outage', () => { throw new Error('timed out'); }], ['an answer without a signature', () => ({})], ['an answer that is no signature', () => ({ Signature: 'AAAA' })],
  ])('%s is unavailable, without a try with another key', async (_name, answer) => {
    await expect(signer(answer).sign({})).rejects.toMatchObject({ code: 'unavailable', dependency: 'signing-keys' });
    expect(asked).toHaveLength(1);
  });

  test('is not ready while nothing was published, and asks KMS for nothing to be ready', async () => {
    await expect(signer(genuine, { ...set, keys: [] }).ready()).rejects.toMatchObject({ code: 'unavailable' });
    await signer(genuine).ready();
    expect(asked).toEqual([]);
  });

  test('refuses what KMS would not take as a message', async () => {
    await expect(signer(genuine).sign({ scope: 'x'.repeat(4096) })).rejects.toThrow(/bytes to sign, no access token is that long/);
    expect(asked).toEqual([]);
  });
});

describe('KmsKeyList', () => {
  const der = (alg: string) => createPublicKey(alg === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey : pair.privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  const list = (answers: (() => unknown)[]) => new KmsKeyList({ read: async () => answers.shift()!() as Record<string, unknown> }, 'ES256');
  const denied = () => { throw new Refusal('GetPublicKey: status 400 AccessDeniedException', 'AccessDeniedException'); };

  test('names each key by its thumbprint, in the order of the list', async () => {
    const [key] = await list([() => ({ PublicKey: der('ES256') })]).read([arn('a')]);
    expect(key).toEqual({ kid: expect.stringMatching(/^[\w-]{43}$/), alg: 'ES256', keyArn: arn('a'), jwk: expect.objectContaining({ kty: 'EC', kid: key!.kid, use: 'sig', alg: 'ES256' }) });
  });

  test('a permission that is not there yet is unavailable, so that the deployment tries again, and is named', async () => {
    const error = await list([denied]).read([arn('a')]).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code: 'unavailable', dependency: 'signing-keys' });
    expect(deniedAction(error)).toBe('kms:GetPublicKey');
  });

  test.each<[string, (() => unknown)[], string[], string]>([
    ['no key', [], [], 'the deployment names no key of KMS'],
    ['a key of another kind', [() => ({ PublicKey: der('RS256') })], [arn('a')], `${arn('a')} is no key for ES256`],
    ['an answer that is no key', [() => ({ PublicKey: 'AAAA' })], [arn('a')], `${arn('a')} is no key for ES256`],
    ['a key that is gone', [() => { throw new Refusal('x', 'NotFoundException'); }], [arn('a')], `KMS refuses ${arn('a')}: NotFoundException`],
  ])('%s: the deployment is told', async (_name, answers, arns, message) => {
    await expect(list(answers).read(arns)).rejects.toMatchObject({ name: 'KeyListError', message });
  });
});

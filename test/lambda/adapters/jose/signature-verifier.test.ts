import { KNOWN_SIGNATURES } from '../../../../lambda/adapters/jose/known-signatures';
import { createSignatureVerifier } from '../../../../lambda/adapters/jose/signature-verifier';
import { UnavailableError } from '../../../../lambda/domain/errors';

const { subtle } = globalThis.crypto;

afterEach(() => jest.restoreAllMocks());

describe.each(Object.entries(KNOWN_SIGNATURES))('%s', (alg, { jwk, token }) => {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const other = (change: string): string => `${header}.${payload}${change}.${signature}`;
  const shortened = Buffer.from(signature, 'base64url').subarray(1).toString('base64url');

  test('the example of its RFC is valid, and nothing else is', async () => {
    const { verify } = createSignatureVerifier();
    expect(await verify(alg, jwk, token)).toBe(true);
    expect(await verify(alg, jwk, other('AAAA'))).toBe(false);
    expect(await verify(alg, jwk, `${header}.${payload}.${shortened}`)).toBe(false);
    expect(await verify(alg, jwk, `${token}.`)).toBe(false);
    expect(await verify(alg, {}, token)).toBe(false);
  });

  test('DP-01 RS-02 a runtime that cannot verify it is an outage, no bad token', async () => {
    jest.spyOn(subtle, 'verify').mockRejectedValue(Object.assign(new Error('unsupported'), { code: 'ERR_OSSL_EVP_UNSUPPORTED' }));
    await expect(createSignatureVerifier().verify(alg, jwk, token)).rejects.toThrow(UnavailableError);
  });

  test('DP-01 nor is one that cannot even import the key', async () => {
    jest.spyOn(subtle, 'importKey').mockRejectedValue(new Error('unsupported'));
    await expect(createSignatureVerifier().verify(alg, jwk, token)).rejects.toThrow(UnavailableError);
  });

  test('a right signature is looked at once, however many wrong ones there are', async () => {
    const { verify } = createSignatureVerifier();
    const verified = jest.spyOn(subtle, 'verify');
    for (const change of ['AAAA', 'AAAB', 'AAAC', 'AAAD', 'AAAE']) expect(await verify(alg, jwk, other(change))).toBe(false);
    expect(verified).toHaveBeenCalledTimes(6);
  });
});

test('an algorithm that is none of ours is false', async () => {
  expect(await createSignatureVerifier().verify('none', {}, 'e30.e30.')).toBe(false);
});

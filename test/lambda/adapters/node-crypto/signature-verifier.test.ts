import crypto from 'node:crypto';
import { KNOWN_SIGNATURES } from '../../../../lambda/adapters/node-crypto/known-signatures';
import { createSignatureVerifier } from '../../../../lambda/adapters/node-crypto/signature-verifier';
import { UnavailableError } from '../../../../lambda/domain/errors';

afterEach(() => jest.restoreAllMocks());

describe.each(Object.entries(KNOWN_SIGNATURES))('%s', (alg, { jwk, input, signature }) => {
  const bytes = Buffer.from(signature, 'base64url');

  test('the example of its RFC is valid, and nothing else is', () => {
    const { verify } = createSignatureVerifier();
    expect(verify(alg, jwk, input, bytes)).toBe(true);
    expect(verify(alg, jwk, `${input}.`, bytes)).toBe(false);
    expect(verify(alg, jwk, input, bytes.subarray(1))).toBe(false);
    expect(verify(alg, {}, input, bytes)).toBe(false);
  });

  test('DP-01 RS-02 a runtime that cannot verify it is an outage, no bad token', () => {
    jest.spyOn(crypto, 'verify').mockImplementation(() => { throw Object.assign(new Error('unsupported'), { code: 'ERR_OSSL_EVP_UNSUPPORTED' }); });
    expect(() => createSignatureVerifier().verify(alg, jwk, input, bytes)).toThrow(UnavailableError);
  });

  test('DP-01 nor is one that cannot even import the key', () => {
    jest.spyOn(crypto, 'createPublicKey').mockImplementation(() => { throw new Error('unsupported'); });
    expect(() => createSignatureVerifier().verify(alg, jwk, input, bytes)).toThrow(UnavailableError);
  });

  test('a right signature is looked at once, however many wrong ones there are', () => {
    const { verify } = createSignatureVerifier();
    const verified = jest.spyOn(crypto, 'verify');
    for (let count = 0; count < 5; count += 1) expect(verify(alg, jwk, `${input}${count}`, bytes)).toBe(false);
    expect(verified).toHaveBeenCalledTimes(6);
  });
});

test('an algorithm that is none of ours is false', () => {
  expect(createSignatureVerifier().verify('none', {}, '', Buffer.alloc(0))).toBe(false);
});

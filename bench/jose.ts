// Signatures of access tokens by jose, as the functions make and check them, against bare calls of node:crypto.
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { median, section } from './support/report.ts';
import type { Row } from './support/report.ts';
import { load } from './support/sources.ts';

const ROUNDS = 15;
const CALLS = { ES256: 300, EdDSA: 300, RS256: 40 } as const;

const { createKeyFactory } = load<typeof import('../lambda/adapters/jose/key-factory')>('./lambda/adapters/jose/key-factory.ts');
const { createSignatureVerifier } = load<typeof import('../lambda/adapters/jose/signature-verifier')>('./lambda/adapters/jose/signature-verifier.ts');
const { createTokenSigning } = load<typeof import('../lambda/adapters/jose/token-signing')>('./lambda/adapters/jose/token-signing.ts');

const claims = {
  iss: 'https://auth.example.com/v1', aud: 'example', sub: 'u'.repeat(36), sid: 's'.repeat(22), jti: 'j'.repeat(22), sv: 1,
  scope: 'profile', iat: 1, exp: 901, auth_time: 1, amr: ['pwd'],
};

/** Microseconds of processor time a call, all threads. */
async function time(calls: number, call: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

const rows: Row[] = [];
for (const alg of ['ES256', 'EdDSA', 'RS256'] as const) {
  const factory = createKeyFactory();
  const key = await factory.signingKey(alg, 0);
  const jwk = factory.publicJwk(key);
  const [signToken, verifier] = [createTokenSigning(), createSignatureVerifier()];
  const token = await signToken(key, claims);
  const dot = token.lastIndexOf('.');
  const [input, signature] = [Buffer.from(token.slice(0, dot)), Buffer.from(token.slice(dot + 1), 'base64url')];
  const digest = alg === 'EdDSA' ? null : 'sha256';
  const privateKey = { key: createPrivateKey({ key: { ...key.privateJwk }, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  const publicKey = { key: createPublicKey({ key: { ...jwk }, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  const measured = { signing: [] as number[], bareSigning: [] as number[], verifying: [] as number[], bareVerifying: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    measured.signing.push(await time(CALLS[alg], () => signToken(key, claims)));
    measured.bareSigning.push(await time(CALLS[alg], () => sign(digest, input, privateKey)));
    measured.verifying.push(await time(CALLS[alg], () => verifier.verify(alg, jwk, token)));
    measured.bareVerifying.push(await time(CALLS[alg], () => verify(digest, input, publicKey, signature)));
  }
  const row = (what: string, ours: number, bare: number): Row => ({ what: `${alg}: ${what}`, measured: `${ours.toFixed(0)} us, bare ${bare.toFixed(0)} us` });
  rows.push(row('sign', median(measured.signing), median(measured.bareSigning)), row('verify', median(measured.verifying), median(measured.bareVerifying)));
}

section('Signatures of access tokens', 'jose', `A token of a usual size, signed and verified by jose with imported keys, and by bare calls of node:crypto over bytes that are ready.
Processor time of all threads, medians of ${ROUNDS} rounds.`, rows);

import crypto from 'node:crypto';
import { Environment } from '../../../lambda/composition/environment';
import { passwordHasher } from '../../../lambda/composition/hashing';
import { Metrics } from '../../../src/contract/metrics';
import { Env } from '../../../src/contract/environment';
import { AuditRecorder } from '../support/audit-recorder';

const environment = (memory = '1024') => new Environment({ [Env.PASSWORD_HASHING]: 'argon2id', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory });

afterEach(() => jest.restoreAllMocks());

test('DP-01 PW-09 a function whose runtime cannot do what it is asked for hashes all the same, and raises the alarm once', async () => {
  jest.spyOn(crypto as any, 'argon2').mockImplementation(() => {
    throw Object.assign(new Error('not supported'), { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' });
  });
  const audit = new AuditRecorder();
  expect(await passwordHasher(environment(), audit).hash('correct horse')).toMatch(/^\$scrypt\$/);
  expect(audit.events).toMatchObject([{ event: 'hashing_fallback', reason: 'scrypt', metrics: [Metrics.HASHING_FALLBACK] }]);
  // AND not with more memory than the function has
  expect(await passwordHasher(environment('128'), audit).hash('correct horse')).toMatch(/^\$bcrypt-sha256\$/);
});

test('DP-01 where everything is there nothing is raised', async () => {
  const audit = new AuditRecorder();
  expect(await passwordHasher(environment(), audit).hash('correct horse')).toMatch(/^\$argon2id\$/);
  expect(audit.events).toEqual([]);
});

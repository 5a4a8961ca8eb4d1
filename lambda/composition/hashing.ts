import { Env } from '../../src/contract/environment';
import { createPasswordHasher, parseHashingChoice } from '../adapters/node-crypto/password-hasher';
import { auditEvent } from '../domain/audit-events';
import type { Audit } from '../ports/audit';
import type { PasswordHasher } from '../ports/crypto';
import type { Environment } from './environment';

/** The configured hash, or scrypt where this runtime lacks argon2: that is told once a container. */
export function passwordHasher(env: Environment, audit: Audit): PasswordHasher {
  const hasher = createPasswordHasher(env.parsed(Env.PASSWORD_HASHING, parseHashingChoice));
  if (hasher.fallback) audit.record(auditEvent('hashing_fallback'));
  return hasher;
}

import { Env } from '../../src/contract/environment';
import { createPasswordHasher, parseHashingChoice, probedCapabilities } from '../adapters/node-crypto/password-hasher';
import { auditEvent } from '../domain/audit-events';
import type { Audit } from '../ports/audit';
import type { PasswordHasher } from '../ports/crypto';
import type { Environment } from './environment';

/** The configured hash, or what stands in for it where this runtime cannot compute it: that is told once a container. */
export function passwordHasher(env: Environment, audit: Audit): PasswordHasher {
  const memory = Number(env.optional('AWS_LAMBDA_FUNCTION_MEMORY_SIZE') ?? Infinity);
  const hasher = createPasswordHasher(env.parsed(Env.PASSWORD_HASHING, parseHashingChoice), probedCapabilities(memory));
  if (hasher.fallback) audit.record(auditEvent('hashing_fallback', { reason: hasher.fallback }));
  return hasher;
}

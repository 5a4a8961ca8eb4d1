import { Env } from '../../src/contract/environment';
import { SignedHttpRevocationReader } from '../adapters/signed-http';
import type { ReadableRefusals } from '../http/authorizer-event';
import type { LastResortDeps } from '../http/last-resort';
import type { Deadline } from '../ports/deadline';
import type { AuthorizeDeps } from '../use-cases/authorize';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { signedTransport } from './signed-http';
import { verification } from './verification';

type Authorizer = AuthorizeDeps & LastResortDeps & { readonly deadline: Deadline; readonly readableRefusals?: ReadableRefusals };

export function composeAuthorizer(env = processEnvironment()): Authorizer {
  const base = observability(env);
  const revocations = new SignedHttpRevocationReader(signedTransport(env, 'dynamodb'), env.text(Env.REVOCATIONS_TABLE));
  const verifying = verification(env, base, revocations);
  // During init, with a whole CPU: opens the connection that every later call uses. A failure means nothing, the first call asks again.
  verifying.verificationKeys.ready().catch(() => undefined);
  const apiId = env.optional(Env.OWN_API);
  return { ...base, ...verifying, ...(apiId === undefined ? {} : { readableRefusals: { apiId, origins: env.list(Env.ORIGINS) } }) };
}

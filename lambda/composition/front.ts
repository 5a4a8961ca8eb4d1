import { Env } from '../../src/contract/environment';
import { CachedOriginSecret } from '../adapters/keys/origin-secret';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { Admit } from '../http/admission';
import { admittedByCloudFront, admittedByGateway } from '../http/admission';
import type { ApiDeps } from '../http/api';
import type { Identify } from '../http/principal';
import { identifiedByGateway, identifiedByToken } from '../http/principal';
import type { Clock } from '../ports/clock';
import type { Environment } from './environment';
import type { Observability } from './observability';
import { httpSettings, tokenCheck } from './settings';
import { secretReader } from './signed-http';
import type { Verification } from './verification';

/** What stands between API Gateway and the use cases of a function whose routes are all public. */
export function openFront(env: Environment, { clock }: Pick<Observability, 'clock'>): Pick<ApiDeps, 'http' | 'admit'> {
  return { http: httpSettings(env), admit: admission(env, clock) };
}

/** The same for a function with guarded routes. `verification` is asked for only where the function itself verifies tokens. */
export function guardedFront(env: Environment, base: Pick<Observability, 'clock'>, verification: () => Verification): Pick<ApiDeps, 'http' | 'admit' | 'identify'> {
  return { ...openFront(env, base), identify: identification(env, verification) };
}

function admission(env: Environment, clock: Clock): Admit {
  const secretId = env.optional(Env.ORIGIN_SECRET);
  if (secretId === undefined) return admittedByGateway;
  const secret = new CachedOriginSecret(secretReader(env), secretId, nodeCrypto, clock);
  // During init, with a whole CPU. A failure means nothing, the first request asks again.
  secret.ready().catch(() => undefined);
  return admittedByCloudFront(secret);
}

function identification(env: Environment, verification: () => Verification): Identify {
  if (tokenCheck(env) === 'gateway') return identifiedByGateway;
  const verifying = verification();
  verifying.verificationKeys.ready().catch(() => undefined);
  return identifiedByToken(verifying);
}

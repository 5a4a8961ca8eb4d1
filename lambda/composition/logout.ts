import { PublishedVerificationKeys } from '../adapters/keys/verification-keys';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import { createSignatureVerifier } from '../adapters/node-crypto/signature-verifier';
import type { ApiDeps } from '../http/api';
import type { EndSessionDeps } from '../use-cases/end-session';
import type { ListSessionsDeps } from '../use-cases/list-sessions';
import type { LogoutDeps } from '../use-cases/logout';
import type { LogoutAllDeps } from '../use-cases/logout-all';
import { checkingKeys } from './keys';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { httpSettings, revocationTimes, verificationSettings } from './settings';
import { Stores } from './stores';

type Sessions = LogoutDeps['sessions'] & EndSessionDeps['sessions'] & ListSessionsDeps['sessions'];

export function composeLogout(env = processEnvironment()): ApiDeps & LogoutDeps & LogoutAllDeps & { readonly sessions: Sessions } {
  const base = observability(env);
  const { users, sessions, revocations } = new Stores(env);
  return {
    ...base,
    http: httpSettings(env),
    users,
    sessions,
    revocations,
    crypto: nodeCrypto,
    refreshKeys: checkingKeys(env, base.clock),
    verificationKeys: new PublishedVerificationKeys(revocations, base.clock),
    signatures: createSignatureVerifier(),
    verification: verificationSettings(env),
    revocation: revocationTimes(env),
  };
}

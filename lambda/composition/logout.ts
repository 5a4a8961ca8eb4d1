import type { ApiDeps } from '../http/api';
import type { EndSessionDeps } from '../use-cases/end-session';
import type { ListSessionsDeps } from '../use-cases/list-sessions';
import type { LogoutDeps } from '../use-cases/logout';
import type { LogoutAllDeps } from '../use-cases/logout-all';
import { guardedFront } from './front';
import { checkingKeys } from './keys';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { revocationTimes } from './settings';
import { Stores } from './stores';
import { verification } from './verification';

type Sessions = LogoutDeps['sessions'] & EndSessionDeps['sessions'] & ListSessionsDeps['sessions'];

export function composeLogout(env = processEnvironment()): ApiDeps & LogoutDeps & LogoutAllDeps & { readonly sessions: Sessions } {
  const base = observability(env);
  const { users, sessions, revocations } = new Stores(env);
  const verifying = verification(env, base, revocations);
  return {
    ...base,
    ...verifying,
    ...guardedFront(env, base, () => verifying),
    users,
    sessions,
    refreshKeys: checkingKeys(env, base.clock),
    revocation: revocationTimes(env),
  };
}

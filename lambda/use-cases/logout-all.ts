import { Principal } from '../domain/model';
import { RevocationTimes, revocationTtl } from '../domain/revocation';
import { Audit } from '../ports/audit';
import { Clock } from '../ports/clock';
import { Crypto } from '../ports/crypto';
import { UserStore } from '../ports/users';
import { audited } from './steps/audited';

export interface LogoutAllDeps {
  readonly users: Pick<UserStore, 'endAllSessions'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly revocation: RevocationTimes;
}

export interface LogoutAllInput {
  readonly principal: Principal;
}

/** Ends every session of the caller, this one included. A version that moved meanwhile has ended them already. */
export async function logoutAll(deps: LogoutAllDeps, input: LogoutAllInput): Promise<void> {
  const { uid, sid, sv } = input.principal;
  return audited(deps, { success: 'sessions_ended', refusal: 'request_refused', uid, sid }, async (trail) => {
    const result = await deps.users.endAllSessions(uid, sv, revocationTtl(deps.revocation, deps.clock.now()));
    if (result === 'changed_meanwhile') trail.reason = 'ended_already';
  });
}

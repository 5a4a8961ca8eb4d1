import { Limits } from '../../../src/contract/limits';
import { AuthError } from '../../domain/errors';
import { Principal } from '../../domain/model';

/** Throws `reauth_required` unless the caller authenticated a moment ago; a refresh does not move that time (SE-14, ASVS 7.5.1). */
export function assertRecentAuthentication(principal: Principal, now: number): void {
  if (now / 1000 - principal.authTime > Limits.RECENT_AUTHENTICATION_SECONDS) throw new AuthError('reauth_required');
}

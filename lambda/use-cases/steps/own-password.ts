import { sessionCounter } from '../../domain/attempts';
import { AuthError } from '../../domain/errors';
import { Credential, User } from '../../domain/model';
import { normalisePassword } from '../../domain/password-policy';
import { PasswordHasher } from '../../ports/crypto';
import { Lookup } from '../../ports/lookup';
import { UserStore } from '../../ports/users';
import { counterKey } from './counter-key';
import { FormerStopDeps, refuseFormerStop } from './former-stop';
import { attemptFailed, attemptSucceeded, PasswordAttemptDeps, reserveAttempt } from './password-attempt';

export interface OwnPasswordDeps extends PasswordAttemptDeps, Omit<FormerStopDeps, 'attempts' | 'lookup'> {
  readonly attempts: PasswordAttemptDeps['attempts'] & FormerStopDeps['attempts'];
  readonly lookup: Pick<Lookup, 'digest' | 'unkeyedBefore'>;
  readonly users: Pick<UserStore, 'readCredential'>;
  readonly hasher: Pick<PasswordHasher, 'verify'>;
}

/**
 * The caller gives the password again for what a session alone must not do. Counted before it is computed, like a login, but for this session
 * alone: strangers who fill the account's counter must not keep its owner from it. Throws `rate_limited`, `invalid_credentials`, and
 * `conflict` when the account changed since `user` was read.
 */
export async function assertOwnPassword(deps: OwnPasswordDeps, user: User, sid: string, password: string): Promise<void> {
  const counter = sessionCounter(user.email, sid);
  await refuseFormerStop(deps, counter);
  const attempt = await reserveAttempt(deps, await counterKey(deps, counter));
  const credential = await credentialOf(deps, user);
  if (!(await deps.hasher.verify(normalisePassword(password), credential.passwordHash))) {
    await attemptFailed(deps, attempt);
    throw new AuthError('invalid_credentials', { reason: 'password_wrong' });
  }
  await attemptSucceeded(deps, attempt);
}

async function credentialOf(deps: OwnPasswordDeps, user: User): Promise<Credential> {
  const credential = await deps.users.readCredential(user.email);
  // Password or address changed since the profile was read, which has ended the caller's session.
  if (credential === undefined || credential.uid !== user.uid || credential.pv !== user.pv) throw new AuthError('conflict');
  return credential;
}

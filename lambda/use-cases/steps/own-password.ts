import { deviceAttemptKey } from '../../domain/attempts';
import { AuthError } from '../../domain/errors';
import { Credential, User } from '../../domain/model';
import { normalisePassword } from '../../domain/password-policy';
import { Crypto, PasswordHasher } from '../../ports/crypto';
import { UserStore } from '../../ports/users';
import { attemptFailed, attemptSucceeded, PasswordAttemptDeps, reserveAttempt } from './password-attempt';

export interface OwnPasswordDeps extends PasswordAttemptDeps {
  readonly users: Pick<UserStore, 'readCredential'>;
  readonly hasher: Pick<PasswordHasher, 'verify'>;
  readonly crypto: Crypto;
}

/**
 * The caller gives the password again for what a session alone must not do. Counted before it is computed, like a login, but for this session
 * alone: strangers who fill the account's counter must not keep its owner from it. Throws `rate_limited`, `invalid_credentials`, and
 * `conflict` when the account changed since `user` was read.
 */
export async function assertOwnPassword(deps: OwnPasswordDeps, user: User, sid: string, password: string): Promise<void> {
  const attempt = await reserveAttempt(deps, deviceAttemptKey(deps.crypto, user.email, sid));
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

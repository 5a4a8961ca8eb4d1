import { AuthError } from '../../domain/errors';
import { ProfileValues, User, UserStatus } from '../../domain/model';
import { UserStore } from '../../ports/users';

/** A user as an administrator sees it. */
export interface AdminUser {
  readonly uid: string;
  readonly email: string;
  readonly status: UserStatus;
  /** Granted one by one, beyond the default ones. */
  readonly scopes: readonly string[];
  readonly profile: ProfileValues;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export function adminUser(user: User): AdminUser {
  const { uid, email, status, scopes, profile, createdAt } = user;
  return { uid, email, status, scopes, profile, createdAt };
}

const TRIES = 3;

/**
 * Applies a change to the user as just read, again from a new read when another change came in between. `change` answers with the user
 * after it, or with `changed_meanwhile`. Throws `not_found`, and `conflict` when others kept changing the user.
 */
export async function changeUser(
  users: Pick<UserStore, 'readUser'>,
  uid: string,
  change: (user: User) => Promise<User | 'changed_meanwhile'>,
): Promise<User> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const user = await users.readUser(uid);
    if (user === undefined) throw new AuthError('not_found', { reason: 'user_unknown' });
    const result = await change(user);
    if (result !== 'changed_meanwhile') return result;
  }
  throw new AuthError('conflict');
}

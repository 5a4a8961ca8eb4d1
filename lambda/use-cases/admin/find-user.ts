import { canonicalEmail } from '../../domain/email';
import { AuthError } from '../../domain/errors';
import { User } from '../../domain/model';
import { Audit } from '../../ports/audit';
import { Crypto } from '../../ports/crypto';
import { UserStore } from '../../ports/users';
import { audited } from '../steps/audited';
import { invalidEmail } from '../steps/invalid-email';
import { AdminUser, adminUser } from './admin-user';

export interface FindUserDeps {
  readonly users: Pick<UserStore, 'readUser' | 'findByEmail'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly audit: Audit;
}

/** Exactly one of the two. */
export interface FindUserInput {
  readonly uid?: string;
  readonly email?: string;
}

export interface FindUserOutput {
  readonly users: AdminUser[];
}

/** Looks up a user; none is an empty list. Throws `validation_failed`. */
export async function findUser(deps: FindUserDeps, input: FindUserInput): Promise<FindUserOutput> {
  return audited(deps, { success: 'admin_user_read', refusal: 'admin_request_refused', uid: input.uid }, async (trail) => {
    const users = await find(deps, input);
    trail.uid = users[0]?.uid ?? input.uid;
    return { users: users.map(adminUser) };
  });
}

async function find(deps: FindUserDeps, input: FindUserInput): Promise<User[]> {
  if ((input.uid === undefined) === (input.email === undefined)) {
    throw new AuthError('validation_failed', { detail: 'Give either uid or email.', reason: 'uid_or_email' });
  }
  if (input.email !== undefined) {
    const email = canonicalEmail(input.email);
    if (email === undefined) throw invalidEmail();
    return deps.users.findByEmail(email);
  }
  const user = await deps.users.readUser(input.uid!);
  return user === undefined ? [] : [user];
}

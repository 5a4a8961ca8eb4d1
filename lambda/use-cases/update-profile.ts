import { ProfileAttributeDefinition } from '../../src/contract/environment';
import { AuthError } from '../domain/errors';
import { Principal } from '../domain/model';
import { changedProfile } from '../domain/profile';
import { Audit } from '../ports/audit';
import { Crypto } from '../ports/crypto';
import { UserStore } from '../ports/users';
import { ProfileView, profileView } from './get-profile';
import { audited } from './steps/audited';
import { callingUser } from './steps/calling-user';

export interface UpdateProfileDeps {
  readonly users: Pick<UserStore, 'readUser' | 'updateProfile'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly audit: Audit;
  readonly profileAttributes: readonly ProfileAttributeDefinition[];
}

export interface UpdateProfileInput {
  readonly principal: Principal;
  /** Declared attributes; `null` removes one, what is not named stays. */
  readonly profile: Readonly<Record<string, unknown>>;
}

const TRIES = 3;

/** Merges a change into the caller's profile. Throws `validation_failed`, `session_revoked`, and `conflict` when others kept changing it. */
export async function updateProfile(deps: UpdateProfileDeps, input: UpdateProfileInput): Promise<ProfileView> {
  const { uid, sid } = input.principal;
  return audited(deps, { success: 'profile_changed', refusal: 'profile_change_refused', uid, sid }, async () => {
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const user = await callingUser(deps, input.principal);
      const profile = changedProfile(deps.profileAttributes, user.profile, input.profile);
      const result = await deps.users.updateProfile(uid, user, profile);
      if (result === 'updated') return profileView({ ...user, profile });
    }
    throw new AuthError('conflict');
  });
}

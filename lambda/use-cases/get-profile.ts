import { Principal, ProfileValues, User } from '../domain/model';
import { UserStore } from '../ports/users';
import { callingUser } from './steps/calling-user';

export interface GetProfileDeps {
  readonly users: Pick<UserStore, 'readUser'>;
}

export interface GetProfileInput {
  readonly principal: Principal;
}

/** A user as the user sees it: nothing of versions or status. */
export interface ProfileView {
  readonly uid: string;
  readonly email: string;
  /** Granted one by one, beyond the default ones. */
  readonly scopes: readonly string[];
  readonly profile: ProfileValues;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** The caller's own profile, by one strong read. Throws `session_revoked` when the user is gone. */
export async function getProfile(deps: GetProfileDeps, input: GetProfileInput): Promise<ProfileView> {
  return profileView(await callingUser(deps, input.principal));
}

export function profileView(user: User): ProfileView {
  const { uid, email, scopes, profile, createdAt } = user;
  return { uid, email, scopes, profile, createdAt };
}

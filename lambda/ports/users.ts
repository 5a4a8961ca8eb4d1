import { Credential, ProfileValues, Session, User, UserStatus } from '../domain/model';

/** What goes with the account that is created. */
export interface RegistrationItems {
  readonly invitation?: { readonly hash: string; readonly now: number };
  /** Keys of counters: `Lookup`. */
  readonly counters?: readonly string[];
}

/**
 * Users and their credentials. Every read is strongly consistent. Every method throws `UnavailableError('users')` when the store
 * gives no definite answer, and recognises its own earlier success when a response was lost after the commit.
 */
export interface UserStore {
  /**
   * Writes profile and credential in one transaction, which consumes the invitation if one is given, and clears the counters of attempts: what failed at
   * the address before is no failure of the account.
   */
  createUser(user: User, credential: Credential, given?: RegistrationItems): Promise<'created' | 'email_taken' | 'invitation_invalid'>;

  readCredential(email: string): Promise<Credential | undefined>;

  /** `uid` may be a decoy that belongs to nobody: same call, same cost. */
  readUser(uid: string): Promise<User | undefined>;

  /** Admin search by exact canonical address through the index, eventually consistent; the users themselves are then read strongly. */
  findByEmail(email: string): Promise<User[]>;

  /** Merges declared attributes: `null` removes one. Conditional on the profile as it was read, so two changes never lose one. */
  updateProfile(uid: string, expected: User, profile: ProfileValues): Promise<'updated' | 'changed_meanwhile'>;

  /** Better hash for the password of this very credential; lost silently when anything of it changed meanwhile, its owner too. */
  rehash(credential: Credential, passwordHash: string): Promise<void>;

  /**
   * One transaction: credential (hash, pv + 1), profile (pv + 1, sv + 1), revocations (minimum sv), and the session that follows all others.
   * Conditional on `user.pv` and `user.sv`. The new sv is `user.sv + 1`.
   */
  changePassword(user: User, passwordHash: string, revocationTtl: number, session: Session): Promise<'changed' | 'changed_meanwhile'>;

  /** One transaction: profile sv + 1, revocations minimum sv. Conditional on the sv given; `changed_meanwhile` means that it is larger already. */
  endAllSessions(uid: string, sv: number, revocationTtl: number): Promise<'ended' | 'changed_meanwhile'>;

  /** Status or scopes, with sv + 1 and the minimum sv in the same transaction when `endSessions`. Conditional on `user.sv`. */
  administer(user: User, change: { readonly status?: UserStatus; readonly scopes?: readonly string[] }, endSessions: boolean, revocationTtl: number): Promise<'changed' | 'changed_meanwhile'>;

  /** One transaction: profile and credential go, the minimum sv rises above every token of the user. Conditional on `user.pv` and `user.sv`. */
  deleteUser(user: User, revocationTtl: number): Promise<'deleted' | 'changed_meanwhile'>;
}

import { UnavailableError } from '../../domain/errors';
import { Credential, ProfileValues, Session, User, UserStatus } from '../../domain/model';
import { RegistrationItems, UserStore } from '../../ports/users';
import { MemoryTables } from './tables';

export class MemoryUserStore implements UserStore {
  constructor(private readonly tables: MemoryTables) {}

  createUser(user: User, credential: Credential, { invitation, counters = [] }: RegistrationItems = {}): Promise<'created' | 'email_taken' | 'invitation_invalid'> {
    return this.tables.call(() => {
      const { profiles, credentials, tickets, attempts } = this.tables;
      const existing = credentials.get(credential.email);
      // The uid is fresh random, so a credential with the same one is this very call repeated after its response was lost.
      if (existing !== undefined) return existing.uid === user.uid ? 'created' : 'email_taken';
      const ticket = invitation && tickets.get(invitation.hash);
      const invited = invitation === undefined
        || (ticket !== undefined && ticket.kind === 'invitation' && ticket.email === credential.email && ticket.expiresAt > invitation.now);
      if (!invited) return 'invitation_invalid';
      if (profiles.has(user.uid)) throw new UnavailableError('users', new Error('a user id was drawn twice'));
      if (invitation) tickets.delete(invitation.hash);
      profiles.set(user.uid, user);
      credentials.set(credential.email, credential);
      for (const counter of counters) attempts.delete(counter);
      return 'created';
    });
  }

  readCredential(email: string): Promise<Credential | undefined> {
    return this.tables.call(() => this.tables.credentials.get(email));
  }

  readUser(uid: string): Promise<User | undefined> {
    return this.tables.call(() => this.tables.profiles.get(uid));
  }

  async findByEmail(email: string): Promise<User[]> {
    const uids = await this.tables.call(() => this.tables.uidsByEmail(email));
    const users = await Promise.all(uids.map((uid) => this.readUser(uid)));
    // The index may lag: what it names may be gone or have moved on.
    return users.filter((user) => user !== undefined).filter((user) => user.email === email);
  }

  updateProfile(uid: string, expected: User, profile: ProfileValues): Promise<'updated' | 'changed_meanwhile'> {
    return this.tables.call(() => {
      const user = this.tables.profiles.get(uid);
      if (user === undefined) return 'changed_meanwhile';
      if (sameProfile(user.profile, profile)) return 'updated';
      if (!sameProfile(user.profile, expected.profile)) return 'changed_meanwhile';
      this.tables.profiles.set(uid, { ...user, profile });
      return 'updated';
    });
  }

  rehash(verified: Credential, passwordHash: string): Promise<void> {
    return this.tables.call(() => {
      const credential = this.tables.credentials.get(verified.email);
      const same = credential?.uid === verified.uid && credential.pv === verified.pv && credential.passwordHash === verified.passwordHash;
      if (same) this.tables.credentials.set(verified.email, { ...credential, passwordHash });
    });
  }

  changePassword(user: User, passwordHash: string, revocationTtl: number, session: Session): Promise<'changed' | 'changed_meanwhile'> {
    return this.tables.call(() => {
      const profile = this.tables.profiles.get(user.uid);
      const credential = this.tables.credentials.get(user.email);
      if (credential?.uid !== user.uid) return 'changed_meanwhile';
      // The salted hash is unique to this call: finding it stored means that an earlier try of this call was committed.
      if (credential.pv === user.pv + 1 && credential.passwordHash === passwordHash) return 'changed';
      if (profile?.pv !== user.pv || profile.sv !== user.sv || credential.pv !== user.pv || this.tables.sessions.has(session.sid)) return 'changed_meanwhile';
      this.tables.credentials.set(user.email, { ...credential, passwordHash, pv: user.pv + 1 });
      this.tables.profiles.set(user.uid, { ...profile, pv: user.pv + 1, sv: user.sv + 1 });
      this.tables.sessions.set(session.sid, session);
      this.tables.raiseMinimumSv(user.uid, user.sv + 1, revocationTtl);
      return 'changed';
    });
  }

  endAllSessions(uid: string, sv: number, revocationTtl: number): Promise<'ended' | 'changed_meanwhile'> {
    return this.tables.call(() => {
      const user = this.tables.profiles.get(uid);
      if (user?.sv !== sv) return 'changed_meanwhile';
      this.tables.profiles.set(uid, { ...user, sv: sv + 1 });
      this.tables.raiseMinimumSv(uid, sv + 1, revocationTtl);
      return 'ended';
    });
  }

  administer(user: User, change: { readonly status?: UserStatus; readonly scopes?: readonly string[] }, endSessions: boolean, revocationTtl: number): Promise<'changed' | 'changed_meanwhile'> {
    return this.tables.call(() => {
      const current = this.tables.profiles.get(user.uid);
      if (current?.sv !== user.sv) return 'changed_meanwhile';
      const sv = endSessions ? user.sv + 1 : user.sv;
      this.tables.profiles.set(user.uid, { ...current, status: change.status ?? current.status, scopes: change.scopes ?? current.scopes, sv });
      if (endSessions) this.tables.raiseMinimumSv(user.uid, sv, revocationTtl);
      return 'changed';
    });
  }

  deleteUser(user: User, revocationTtl: number): Promise<'deleted' | 'changed_meanwhile'> {
    return this.tables.call(() => {
      const profile = this.tables.profiles.get(user.uid);
      const credential = this.tables.credentials.get(user.email);
      if (profile === undefined && credential?.uid !== user.uid) return 'deleted';
      if (profile?.pv !== user.pv || profile.sv !== user.sv || credential?.uid !== user.uid) return 'changed_meanwhile';
      this.tables.profiles.delete(user.uid);
      this.tables.credentials.delete(user.email);
      this.tables.raiseMinimumSv(user.uid, user.sv + 1, revocationTtl);
      return 'deleted';
    });
  }
}

function sameProfile(a: ProfileValues, b: ProfileValues): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

import { AttemptsTable, UsersTable } from '../../../src/contract/tables';
import { Credential, ProfileValues, Session, User, UserStatus } from '../../domain/model';
import { RegistrationItems, UserStore } from '../../ports/users';
import { Calls, Item, TransactItems, Transacted } from './calls';
import { DynamoDb } from './client';
import { minimumOf, withMinimum } from './minimum-sv';
import { newSessionPut } from './session-format';
import { credentialItem, credentialKey, credentialOf, profileItem, profileKey, userOf, USERS_DEPENDENCY } from './user-format';

export interface UserTables {
  readonly users: string;
  readonly revocations: string;
  readonly tickets: string;
  readonly sessions: string;
  readonly attempts: string;
}

type Values = Readonly<Record<string, unknown>>;
type ItemUpdate = NonNullable<TransactItems[number]['Update']>;

export class DynamoUserStore implements UserStore {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly tables: UserTables) {
    this.calls = new Calls(db, USERS_DEPENDENCY);
  }

  async createUser(user: User, credential: Credential, { invitation, counters = [] }: RegistrationItems = {}): Promise<'created' | 'email_taken' | 'invitation_invalid'> {
    const put = (item: Item): TransactItems[number] => ({
      Put: { TableName: this.tables.users, Item: { ...item }, ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': UsersTable.PARTITION_KEY } },
    });
    const written = await this.calls.transact([
      put(credentialItem(credential)),
      put(profileItem(user)),
      ...(invitation ? [this.consume(invitation, credential.email)] : []),
      ...counters.map((key) => ({ Delete: { TableName: this.tables.attempts, Key: { [AttemptsTable.PARTITION_KEY]: key } } })),
    ]);
    if (written.done) return 'created';
    const [taken, , invalid] = written.refused;
    // The uid is fresh random, so a credential with the same one is this very call repeated after its response was lost.
    if (taken) return taken.item?.uid === user.uid ? 'created' : 'email_taken';
    if (invalid) return 'invitation_invalid';
    throw this.calls.unreadable('a user id was drawn twice');
  }

  async readCredential(email: string): Promise<Credential | undefined> {
    return credentialOf(email, await this.calls.get(this.tables.users, credentialKey(email)));
  }

  async readUser(uid: string): Promise<User | undefined> {
    return userOf(await this.calls.get(this.tables.users, profileKey(uid)));
  }

  async findByEmail(email: string): Promise<User[]> {
    const entries = await this.calls.query({
      TableName: this.tables.users,
      IndexName: UsersTable.EMAIL_INDEX,
      KeyConditionExpression: '#email = :email',
      ExpressionAttributeNames: { '#email': UsersTable.EMAIL_INDEX_KEY },
      ExpressionAttributeValues: { ':email': email },
    });
    const keys = entries.map((entry) => ({ [UsersTable.PARTITION_KEY]: entry[UsersTable.PARTITION_KEY], [UsersTable.SORT_KEY]: entry[UsersTable.SORT_KEY] }));
    const users = await Promise.all(keys.map(async (key) => userOf(await this.calls.get(this.tables.users, key))));
    // The index is eventually consistent: what it names may be gone or have moved on.
    return users.filter((user) => user !== undefined).filter((user) => user.email === email);
  }

  async updateProfile(uid: string, expected: User, profile: ProfileValues): Promise<'updated' | 'changed_meanwhile'> {
    const written = await this.calls.update({
      TableName: this.tables.users,
      Key: profileKey(uid),
      UpdateExpression: 'SET #profile = :profile',
      ConditionExpression: '#profile = :expected',
      ExpressionAttributeNames: { '#profile': 'profile' },
      ExpressionAttributeValues: { ':profile': profile, ':expected': expected.profile },
    });
    if (written.done) return 'updated';
    const stored = userOf(written.item)?.profile;
    return stored && sameProfile(stored, profile) ? 'updated' : 'changed_meanwhile';
  }

  async rehash({ email, uid, pv, passwordHash: verified }: Credential, passwordHash: string): Promise<void> {
    await this.calls.update({
      TableName: this.tables.users,
      Key: credentialKey(email),
      UpdateExpression: 'SET #hash = :hash',
      // The write may hang while the address gets another owner, whose pv is the same.
      ConditionExpression: '#uid = :uid AND #pv = :pv AND #hash = :verified',
      ExpressionAttributeNames: { '#hash': 'hash', '#pv': 'pv', '#uid': 'uid' },
      ExpressionAttributeValues: { ':hash': passwordHash, ':verified': verified, ':pv': pv, ':uid': uid },
    });
  }

  async changePassword(user: User, passwordHash: string, revocationTtl: number, session: Session): Promise<'changed' | 'changed_meanwhile'> {
    const credential: TransactItems[number] = {
      Update: {
        TableName: this.tables.users,
        Key: credentialKey(user.email),
        UpdateExpression: 'SET #hash = :hash, #pv = :nextPv',
        ConditionExpression: '#pv = :pv AND #uid = :uid',
        ExpressionAttributeNames: { '#hash': 'hash', '#pv': 'pv', '#uid': 'uid' },
        ExpressionAttributeValues: { ':hash': passwordHash, ':pv': user.pv, ':nextPv': user.pv + 1, ':uid': user.uid },
      },
    };
    const profile = this.profileUpdate(user.uid, this.calls.newId(), 'SET #pv = :nextPv, #sv = :nextSv', '#pv = :pv AND #sv = :sv', {
      pv: user.pv, nextPv: user.pv + 1, sv: user.sv, nextSv: user.sv + 1,
    });
    const opened: TransactItems[number] = { Put: newSessionPut(this.tables.sessions, session) };
    const written = await this.endingSessions([credential, profile, opened], user.uid, user.sv + 1, revocationTtl);
    if (written.done) return 'changed';
    const stored = credentialOf(user.email, written.refused[0]?.item);
    // The salted hash is unique to this call: finding it stored means that an earlier try of this call was committed.
    return stored?.uid === user.uid && stored.pv === user.pv + 1 && stored.passwordHash === passwordHash ? 'changed' : 'changed_meanwhile';
  }

  async endAllSessions(uid: string, sv: number, revocationTtl: number): Promise<'ended' | 'changed_meanwhile'> {
    const op = this.calls.newId();
    const profile = this.profileUpdate(uid, op, 'SET #sv = :nextSv', '#sv = :sv', { sv, nextSv: sv + 1 });
    const written = await this.endingSessions([profile], uid, sv + 1, revocationTtl);
    return written.done || written.refused[0]?.item?.op === op ? 'ended' : 'changed_meanwhile';
  }

  async administer(user: User, change: { readonly status?: UserStatus; readonly scopes?: readonly string[] }, endSessions: boolean, revocationTtl: number): Promise<'changed' | 'changed_meanwhile'> {
    const op = this.calls.newId();
    const nextSv = endSessions ? user.sv + 1 : user.sv;
    const values = { sv: user.sv, nextSv, ...(change.status ? { status: change.status } : {}), ...(change.scopes ? { scopes: change.scopes } : {}) };
    const set = ['#sv = :nextSv', ...(change.status ? ['#status = :status'] : []), ...(change.scopes ? ['#scopes = :scopes'] : [])];
    const profile = this.profileUpdate(user.uid, op, `SET ${set.join(', ')}`, '#sv = :sv', values);
    if (!endSessions) {
      const written = await this.calls.update(profile.Update);
      return written.done || written.item?.op === op ? 'changed' : 'changed_meanwhile';
    }
    const written = await this.endingSessions([profile], user.uid, nextSv, revocationTtl);
    return written.done || written.refused[0]?.item?.op === op ? 'changed' : 'changed_meanwhile';
  }

  async deleteUser(user: User, revocationTtl: number): Promise<'deleted' | 'changed_meanwhile'> {
    const { uid, pv, sv } = user;
    const written = await this.endingSessions([
      this.removal(profileKey(uid), '#pv = :pv AND #sv = :sv', { pv, sv }),
      this.removal(credentialKey(user.email), '#uid = :uid', { uid }),
    ], uid, sv + 1, revocationTtl);
    if (written.done) return 'deleted';
    const [profile, credential] = written.refused;
    // Neither is there (the address may have a new owner): deleted by an earlier try, or by somebody else to the same end.
    return profile && !profile.item && credential && credential.item?.uid !== user.uid ? 'deleted' : 'changed_meanwhile';
  }

  /** The transaction of `items` with the raised minimum. */
  private async endingSessions(items: TransactItems, uid: string, minSv: number, ttl: number): Promise<Transacted> {
    let minimum = { minSv, ttl };
    for (let round = 0; ; round += 1) {
      const written = await this.calls.transact([...items, withMinimum(this.tables.revocations, uid, minimum)]);
      const refused = written.done ? undefined : written.refused.at(-1);
      const own = written.done ? [] : written.refused.slice(0, -1);
      if (!refused?.item || own.some((refusal) => refusal !== undefined)) return written;
      // Only the minimum stood in the way: it is larger already, or its TTL is.
      if (round > 2) throw this.calls.unreadable('the revocations keep changing');
      minimum = minimumOf(refused.item, { minSv, ttl });
    }
  }

  private consume(invitation: { readonly hash: string; readonly now: number }, email: string): TransactItems[number] {
    return {
      Delete: {
        TableName: this.tables.tickets,
        Key: { hash: invitation.hash },
        // Expiry stands in the condition: TTL deletes days late.
        ConditionExpression: '#kind = :kind AND #email = :email AND #expiresAt > :now',
        ExpressionAttributeNames: { '#kind': 'kind', '#email': 'email', '#expiresAt': 'expiresAt' },
        ExpressionAttributeValues: { ':kind': 'invitation', ':email': email, ':now': invitation.now },
      },
    };
  }

  private removal(key: Record<string, string>, condition: string, values: Values): TransactItems[number] {
    return {
      Delete: {
        TableName: this.tables.users,
        Key: key,
        ConditionExpression: condition,
        ExpressionAttributeNames: namesOf(Object.keys(values)),
        ExpressionAttributeValues: placeholders(values),
      },
    };
  }

  /** `values` by attribute name; `next<Name>` is a new value. The write leaves its id in `op`. */
  private profileUpdate(uid: string, op: string, update: string, condition: string, values: Values): { readonly Update: ItemUpdate } {
    const names = Object.keys(values).filter((name) => !name.startsWith('next'));
    return {
      Update: {
        TableName: this.tables.users,
        Key: profileKey(uid),
        UpdateExpression: `${update}, #op = :op`,
        ConditionExpression: condition,
        ExpressionAttributeNames: namesOf(['op', ...names]),
        ExpressionAttributeValues: placeholders({ op, ...values }),
      },
    };
  }
}

/** `#name` for each name. */
function namesOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`#${name}`, name]));
}

/** `:name` for each value. */
function placeholders(values: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value]));
}

function sameProfile(a: ProfileValues, b: ProfileValues): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

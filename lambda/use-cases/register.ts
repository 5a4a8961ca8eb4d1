import { ProfileAttributeDefinition } from '../../src/contract/environment';
import { registrationCounter } from '../domain/attempts';
import { canonicalEmail } from '../domain/email';
import { AuthError } from '../domain/errors';
import { Credential, Ticket, User } from '../domain/model';
import { checkNewPassword, normalisePassword, PasswordPolicy } from '../domain/password-policy';
import { newProfile } from '../domain/profile';
import { Audit } from '../ports/audit';
import { Clock } from '../ports/clock';
import { Crypto, PasswordHasher } from '../ports/crypto';
import { HourlyCounters } from '../ports/hourly-counters';
import { Lookup } from '../ports/lookup';
import { TicketStore } from '../ports/tickets';
import { UserStore } from '../ports/users';
import { RegistrationSettings } from './settings';
import { audited } from './steps/audited';
import { accountCounterKeys, counterKey } from './steps/counter-key';
import { invalidEmail } from './steps/invalid-email';
import { rateLimited } from './steps/rate-limited';

export interface RegisterDeps {
  readonly users: Pick<UserStore, 'createUser'>;
  readonly tickets: Pick<TicketStore, 'read'>;
  readonly counters: Pick<HourlyCounters, 'count'>;
  readonly lookup: Pick<Lookup, 'digest' | 'unkeyedBefore'>;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly crypto: Pick<Crypto, 'randomUuid' | 'sha256'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly registration: RegistrationSettings;
  readonly passwords: PasswordPolicy;
  readonly profileAttributes: readonly ProfileAttributeDefinition[];
}

export interface RegisterInput {
  readonly email: string;
  readonly password: string;
  readonly profile?: Readonly<Record<string, unknown>>;
  /** The one-time token of an invitation. */
  readonly invitation?: string;
  /** From the front itself (AA-07). */
  readonly sourceIp: string;
}

export interface RegisterOutput {
  readonly uid: string;
}

/**
 * Creates an account. Throws `registration_closed`, `rate_limited`, `validation_failed`, the codes of the password policy,
 * `invitation_invalid`, `invalid_token`, `email_taken`.
 */
export async function register(deps: RegisterDeps, input: RegisterInput): Promise<RegisterOutput> {
  return audited(deps, { success: 'registration_succeeded', refusal: 'registration_refused' }, async (trail) => {
    if (deps.registration.mode === 'closed') throw new AuthError('registration_closed');
    const email = canonicalEmail(input.email);
    if (email === undefined) throw invalidEmail();
    checkNewPassword(deps.passwords, input.password, { email });
    const profile = newProfile(deps.profileAttributes, input.profile ?? {});
    await countSource(deps, input.sourceIp);
    const invitation = await readInvitation(deps, email, input.invitation);

    const now = deps.clock.now();
    const user: User = { uid: deps.crypto.randomUuid(), email, status: 'active', sv: 1, pv: 1, scopes: invitation?.scopes ?? [], profile, createdAt: now };
    const credential: Credential = { email, uid: user.uid, passwordHash: await deps.hasher.hash(normalisePassword(input.password)), pv: user.pv };
    const result = await deps.users.createUser(user, credential, {
      ...invitation === undefined ? {} : { invitation: { hash: invitation.hash, now: deps.clock.now() } },
      counters: await accountCounterKeys(deps, email),
    });
    if (result !== 'created') throw new AuthError(result);
    trail.uid = user.uid;
    return { uid: user.uid };
  });
}

/** Counted where an account would be created, before the hash: that is what a flood of registrations would buy. A typing mistake costs nothing. */
async function countSource(deps: RegisterDeps, sourceIp: string): Promise<void> {
  const key = await counterKey(deps, registrationCounter(sourceIp));
  const now = deps.clock.now();
  const counted = await deps.counters.count(key, deps.registration.perHour, now);
  if (!counted.counted) throw rateLimited('hour', counted.retryAt, now);
}

/** Read for its scopes; whether it is still there is decided once more in the transaction that consumes it. */
async function readInvitation(deps: RegisterDeps, email: string, token: string | undefined): Promise<Ticket | undefined> {
  if (token === undefined) {
    if (deps.registration.mode === 'invite') throw new AuthError('invitation_invalid', { reason: 'invitation_missing' });
    return undefined;
  }
  const ticket = await deps.tickets.read(deps.crypto.sha256(token));
  // Good for something else, after a rollback at the latest: the ticket is refused, not the service unavailable (KS-01).
  if (ticket === 'unknown_kind') throw new AuthError('invalid_token', { reason: 'ticket_kind_unknown' });
  const valid = ticket !== undefined && ticket.kind === 'invitation' && ticket.email === email && ticket.expiresAt > deps.clock.now();
  if (!valid) throw new AuthError('invitation_invalid');
  return ticket;
}

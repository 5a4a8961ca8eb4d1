import { Limits } from '../../../src/contract/limits';
import { isScopeToken } from '../../domain/claims';
import { canonicalEmail } from '../../domain/email';
import { AuthError } from '../../domain/errors';
import { Audit } from '../../ports/audit';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { TicketStore } from '../../ports/tickets';
import { UserStore } from '../../ports/users';
import { audited } from '../steps/audited';
import { invalidEmail } from '../steps/invalid-email';

export interface InviteUserDeps {
  readonly users: Pick<UserStore, 'findByEmail'>;
  readonly tickets: Pick<TicketStore, 'create'>;
  readonly crypto: Pick<Crypto, 'randomToken' | 'sha256'>;
  readonly clock: Clock;
  readonly audit: Audit;
}

export interface InviteUserInput {
  readonly email: string;
  /** Granted to the account that the invitation becomes. */
  readonly scopes?: readonly string[];
}

export interface InviteUserOutput {
  /** The one-time token, shown once: only its hash is stored (ID-04). */
  readonly invitation: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * Lets one address register once. Throws `validation_failed`, and `email_taken` for one that has an account: nobody could use the invitation.
 * An account of this very second may escape the index; registration refuses it all the same.
 */
export async function inviteUser(deps: InviteUserDeps, input: InviteUserInput): Promise<InviteUserOutput> {
  return audited(deps, { success: 'admin_user_invited', refusal: 'admin_request_refused' }, async () => {
    const email = canonicalEmail(input.email);
    if (email === undefined) throw invalidEmail();
    const scopes = normalScopes(input.scopes ?? []);
    if ((await deps.users.findByEmail(email)).length > 0) {
      throw new AuthError('email_taken', { detail: 'An invitation is for an address without an account: use set-scopes for its scopes.' });
    }
    const invitation = deps.crypto.randomToken(32);
    const expiresAt = deps.clock.now() + Limits.INVITATION_SECONDS * 1000;
    await deps.tickets.create({ hash: deps.crypto.sha256(invitation), kind: 'invitation', email, scopes, expiresAt });
    return { invitation, expiresAt };
  });
}

/** Each once, sorted. Throws `validation_failed` for what is no scope (RFC 6749 section 3.3). */
export function normalScopes(scopes: readonly string[]): string[] {
  if (!scopes.every(isScopeToken)) {
    throw new AuthError('validation_failed', { errors: [{ pointer: '/scopes', message: 'has a value that is not a scope' }], reason: 'scope_malformed' });
  }
  return [...new Set(scopes)].sort();
}

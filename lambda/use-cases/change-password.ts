import { AuthError } from '../domain/errors';
import { Principal } from '../domain/model';
import { checkNewPassword, checkPasswordLength, normalisePassword, PasswordPolicy } from '../domain/password-policy';
import { RevocationTimes, revocationTtl } from '../domain/revocation';
import { Audit } from '../ports/audit';
import { Clock } from '../ports/clock';
import { Crypto, PasswordHasher } from '../ports/crypto';
import { RefreshKeys, TokenSigner } from '../ports/keys';
import { Lookup } from '../ports/lookup';
import { UserStore } from '../ports/users';
import { AttemptSettings, TokenSettings } from './settings';
import { audited } from './steps/audited';
import { callingUser } from './steps/calling-user';
import { draftSession } from './steps/draft-session';
import { IssuedTokens } from './steps/issued-tokens';
import { IssuedDeviceToken, issueDeviceToken } from './steps/known-device';
import { loadKeys } from './steps/load-keys';
import { assertOwnPassword, OwnPasswordDeps } from './steps/own-password';

export interface ChangePasswordDeps {
  readonly users: Pick<UserStore, 'readUser' | 'readCredential' | 'changePassword'>;
  readonly attempts: OwnPasswordDeps['attempts'];
  readonly lookup: Lookup;
  readonly hasher: Pick<PasswordHasher, 'hash' | 'verify'>;
  readonly crypto: Crypto;
  readonly signer: TokenSigner;
  readonly refreshKeys: Pick<RefreshKeys, 'current' | 'floor'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly tokens: TokenSettings;
  readonly limits: AttemptSettings;
  readonly passwords: PasswordPolicy;
  readonly revocation: RevocationTimes;
}

export interface ChangePasswordInput {
  readonly principal: Principal;
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly userAgent?: string;
}

/** The device token is this device's: the change ends those of all devices. */
export type ChangePasswordOutput = IssuedTokens & IssuedDeviceToken;

/**
 * Changes the caller's password, ends every session and answers with a new one (SE-10). Throws the codes of the password policy,
 * `password_unchanged`, `rate_limited`, `invalid_credentials` for a wrong current password, `session_revoked`, and `conflict` for the loser of a race.
 */
export async function changePassword(deps: ChangePasswordDeps, input: ChangePasswordInput): Promise<ChangePasswordOutput> {
  const { uid, sid } = input.principal;
  return audited(deps, { success: 'password_changed', refusal: 'password_change_failed', uid, sid }, async (trail) => {
    checkPasswordLength(input.currentPassword);
    const refreshKey = await loadKeys(deps);
    const user = await callingUser(deps, input.principal);
    checkNewPassword(deps.passwords, input.newPassword, { email: user.email });
    // Of what came in, not of what is stored: it says nothing about the account, and costs no attempt and no hash.
    if (normalisePassword(input.newPassword) === normalisePassword(input.currentPassword)) throw new AuthError('password_unchanged');
    await assertOwnPassword(deps, user, sid, input.currentPassword);

    const passwordHash = await deps.hasher.hash(normalisePassword(input.newPassword));
    const now = deps.clock.now();
    const successor = { ...user, sv: user.sv + 1, pv: user.pv + 1 };
    const { session, tokens } = await draftSession(deps, { user: successor, refreshKey, userAgent: input.userAgent, now });
    const device = await issueDeviceToken(deps, { user: successor, refreshKey, expiresAt: session.expiresAt, now });
    // The session comes with the change that ends all others: neither an error nor an earlier session is left in between.
    const result = await deps.users.changePassword(user, passwordHash, revocationTtl(deps.revocation, now), session);
    if (result === 'changed_meanwhile') throw new AuthError('conflict');
    trail.sid = session.sid;
    return { ...tokens, ...device };
  });
}

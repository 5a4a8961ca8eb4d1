import { accountCounter, deviceCounter } from '../domain/attempts';
import { auditEvent } from '../domain/audit-events';
import { canonicalEmail } from '../domain/email';
import { AuthError, UnavailableError } from '../domain/errors';
import { Credential } from '../domain/model';
import { checkPasswordLength, normalisePassword } from '../domain/password-policy';
import { Audit } from '../ports/audit';
import { Clock } from '../ports/clock';
import { Crypto, PasswordHasher } from '../ports/crypto';
import { RefreshKeys, TokenSigner } from '../ports/keys';
import { Lookup } from '../ports/lookup';
import { UserStore } from '../ports/users';
import { LoginLimits, TokenSettings } from './settings';
import { audited } from './steps/audited';
import { counterKey } from './steps/counter-key';
import { FormerStopDeps, refuseFormerStop } from './steps/former-stop';
import { invalidEmail } from './steps/invalid-email';
import { IssuedTokens } from './steps/issued-tokens';
import { IssuedDeviceToken, issueDeviceToken, KnownDevice, knownDevice } from './steps/known-device';
import { loadKeys } from './steps/load-keys';
import { checkSource, countFailedLogin, LoginSourceDeps } from './steps/login-source';
import { openSession, OpenSessionDeps } from './steps/open-session';
import { attemptFailed, attemptSucceeded, PasswordAttempt, PasswordAttemptDeps, reserveAttempt, reserveUnlessStopped } from './steps/password-attempt';
import { replaceSession, ReplaceSessionDeps } from './steps/replace-session';
import { verifyLogin } from './steps/verify-login';

export interface LoginDeps extends Omit<ReplaceSessionDeps, 'sessions' | 'crypto' | 'refreshKeys'> {
  readonly users: Pick<UserStore, 'readCredential' | 'readUser' | 'rehash'>;
  readonly sessions: ReplaceSessionDeps['sessions'] & OpenSessionDeps['sessions'];
  readonly attempts: PasswordAttemptDeps['attempts'] & FormerStopDeps['attempts'];
  readonly counters: LoginSourceDeps['counters'];
  readonly lookup: Lookup;
  readonly hasher: PasswordHasher;
  readonly crypto: Crypto;
  readonly signer: TokenSigner;
  readonly refreshKeys: RefreshKeys;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly tokens: TokenSettings;
  readonly limits: LoginLimits;
}

export interface LoginInput {
  readonly email: string;
  readonly password: string;
  /** From an earlier login of this account on this device. */
  readonly deviceToken?: string;
  /** Of the session that the browser is in. */
  readonly refreshToken?: string;
  readonly userAgent?: string;
  /** From the front itself (AA-07). */
  readonly sourceIp: string;
}

export type LoginOutput = IssuedTokens & IssuedDeviceToken;

/**
 * Opens a session by password. Throws `validation_failed`, `password_too_long`, `rate_limited` and `invalid_credentials`, the last one
 * alike for an unknown address, a wrong password and a disabled user (EN-01).
 */
export async function login(deps: LoginDeps, input: LoginInput): Promise<LoginOutput> {
  return audited(deps, { success: 'login_succeeded', refusal: 'login_failed' }, async (trail) => {
    const email = canonicalEmail(input.email);
    if (email === undefined) throw invalidEmail();
    checkPasswordLength(input.password);
    const password = normalisePassword(input.password);
    const refreshKey = await loadKeys(deps);
    const device = await knownDevice(deps, email, input.deviceToken, deps.clock.now());

    trail.refusal = 'login_limited';
    // A device that the owner logged in from gets in although strangers share its address; the counter of the device limits it.
    const { attempt, deviceId } = await reserveDevice(deps, device) ?? { attempt: await reserveStranger(deps, email, input.sourceIp), deviceId: undefined };
    trail.refusal = 'login_failed';

    const verdict = await verifyLogin(deps, email, password, refreshKey, device?.credential);
    if (!verdict.accepted) {
      trail.uid = verdict.uid;
      return refuse(deps, input, attempt, verdict.reason);
    }
    trail.uid = verdict.user.uid;
    await attemptSucceeded(deps, attempt);
    await replaceSession(deps, input.refreshToken);

    const now = deps.clock.now();
    const { session, tokens } = await openSession(deps, { user: verdict.user, refreshKey, userAgent: input.userAgent, now });
    trail.sid = session.sid;
    await improveHash(deps, verdict.credential, password);
    return { ...tokens, ...await issueDeviceToken(deps, { user: verdict.user, deviceId, refreshKey, expiresAt: session.expiresAt, now }) };
  });
}

interface DeviceAttempt {
  readonly attempt: PasswordAttempt;
  readonly deviceId: string;
}

async function reserveStranger(deps: LoginDeps, email: string, sourceIp: string): Promise<PasswordAttempt> {
  await checkSource(deps, sourceIp);
  const counter = accountCounter(email);
  await refuseFormerStop(deps, counter);
  return reserveAttempt(deps, await counterKey(deps, counter));
}

/** None for a device whose failures have stopped it: it is a stranger from then on, so what unlocks the account lets it in again. */
async function reserveDevice(deps: LoginDeps, device: KnownDevice | undefined): Promise<DeviceAttempt | undefined> {
  if (device === undefined) return undefined;
  const { deviceId, credential } = device;
  const attempt = await reserveUnlessStopped(deps, await counterKey(deps, deviceCounter(credential.uid, deviceId)));
  return attempt && { attempt, deviceId };
}

async function refuse(deps: LoginDeps, { sourceIp }: LoginInput, attempt: PasswordAttempt, reason: string): Promise<never> {
  await Promise.all([attemptFailed(deps, attempt), countFailedLogin(deps, sourceIp)]);
  throw new AuthError('invalid_credentials', { reason });
}

/** Rehash when algorithm or cost rose (PW-10). The login stands whether or not it succeeds; the next one tries again. */
async function improveHash(deps: LoginDeps, credential: Credential, password: string): Promise<void> {
  if (!deps.hasher.needsRehash(credential.passwordHash)) return;
  try {
    await deps.users.rehash(credential, await deps.hasher.hash(password));
    deps.audit.record(auditEvent('password_rehashed', { uid: credential.uid }));
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
  }
}

/** Settings that composition reads once from the environment. Durations in whole seconds. */

/** What issuing and refreshing tokens depends on. */
export interface TokenSettings {
  /** `iss` of new access tokens. */
  readonly issuer: string;
  readonly audience: string;
  /** Scopes of every user in addition to those granted one by one. */
  readonly defaultScopes: readonly string[];
  readonly accessTokenTtl: number;
  /** Absolute life of a session. */
  readonly sessionTtl: number;
  /** Life of a session without a refresh. */
  readonly sessionIdleTtl: number;
  /** Time in which a superseded refresh token is taken for a concurrent refresh. 0: every older generation is reuse. */
  readonly refreshGrace: number;
  /** Time in which the token whose answer was lost gets another successor, while the first one is unused. 0: none. */
  readonly lostAnswerWindow: number;
}

/** What a verifier of access tokens accepts. */
export interface VerificationSettings {
  /** `iss` of new tokens, and those accepted beside it for a move. */
  readonly issuers: readonly string[];
  /** `aud` of new tokens, and those accepted beside it for a move. */
  readonly audiences: readonly string[];
  readonly accessTokenTtl: number;
}

export interface AttemptSettings {
  /** Password attempts per account, or per known device or session, and hour. */
  readonly perHour: number;
  /** Failures of a day after which the account has to wait. */
  readonly softLockAfter: number;
}

export interface LoginLimits extends AttemptSettings {
  /** Failed logins that one source address may have in an hour. */
  readonly failedPerSource: number;
  /** Living sessions of a user above which a login ends the oldest. */
  readonly maxSessionsPerUser: number;
}

export interface RegistrationSettings {
  readonly mode: 'open' | 'invite' | 'closed';
  /** Accounts that one source address may create in an hour. */
  readonly perHour: number;
}

/** ARNs of the two secrets. */
export interface KeySecrets {
  readonly signingSecret: string;
  readonly refreshSecret: string;
}

/** Settings that composition reads once from the environment. Durations in whole seconds. */

/** What issuing, refreshing and revoking tokens depends on. */
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
}

/** How long a revocation has to outlive the tokens that it kills. */
export interface RevocationSettings {
  readonly accessTokenTtl: number;
  /** Time-out of the slowest function that writes a token: a token may be signed that much after its session was revoked. */
  readonly longestTimeout: number;
}

/** What a verifier of access tokens accepts. */
export interface VerificationSettings {
  readonly issuer: string;
  /** Further issuers, for a move. */
  readonly acceptedIssuers: readonly string[];
  readonly audience: string;
  readonly accessTokenTtl: number;
}

export interface PasswordSettings {
  /** Least length in code points. */
  readonly minLength: number;
  /** Least number of character classes, 0 to 4. */
  readonly minClasses: number;
  /** A context word that passwords must not contain (ASVS 6.2.11). */
  readonly serviceName: string;
}

export interface AttemptSettings {
  /** Password attempts per account, or per known device, and hour. */
  readonly perHour: number;
  /** Failures in a row after which the account has to wait. */
  readonly softLockAfter: number;
}

export interface RegistrationSettings {
  readonly mode: 'open' | 'invite' | 'closed';
  /** Accounts that one source address may create in an hour. */
  readonly perHour: number;
}

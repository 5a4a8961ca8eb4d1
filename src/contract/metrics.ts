/** Metrics of the service: CloudWatch embedded metric format, unit Count unless said, dimension `Service`. */
export const METRIC_NAMESPACE = 'CdkAuthService';
export const METRIC_DIMENSION = 'Service';

/** Metrics of the service. */
export enum AuthMetric {
  /** Accounts created. */
  REGISTRATION_SUCCEEDED = 'RegistrationSucceeded',
  /** Registrations refused. */
  REGISTRATION_REFUSED = 'RegistrationRefused',
  /** Logins that opened a session. */
  LOGIN_SUCCEEDED = 'LoginSucceeded',
  /** Logins with credentials that are not valid. */
  LOGIN_FAILED = 'LoginFailed',
  /** Logins that the limiter refused before the password was looked at. */
  LOGIN_LIMITED = 'LoginLimited',
  /** Refresh tokens rotated. */
  REFRESH_SUCCEEDED = 'RefreshSucceeded',
  /** Refresh tokens refused. */
  REFRESH_REFUSED = 'RefreshRefused',
  /** Refresh tokens that came back after the grace because an answer was lost, and got another successor. Also counted as `REFRESH_SUCCEEDED`. */
  REFRESH_ANSWER_REPLACED = 'RefreshAnswerReplaced',
  /** A refresh token came back after its successor was used, or too late for a lost answer: probably stolen. */
  REFRESH_REUSE = 'RefreshReuse',
  /** Sessions ended by logout or revocation. */
  SESSION_ENDED = 'SessionEnded',
  /** Passwords changed. */
  PASSWORD_CHANGED = 'PasswordChanged',
  /** Password hashes replaced by stronger ones at login. */
  PASSWORD_REHASHED = 'PasswordRehashed',
  /** Access tokens that the authorizer refused. */
  TOKEN_REFUSED = 'TokenRefused',
  /** Key sets rotated. */
  KEYS_ROTATED = 'KeysRotated',
  /** Rotations of a key set that failed. */
  KEYS_ROTATION_FAILED = 'KeysRotationFailed',
  /** The runtime lacks argon2: scrypt stands in. */
  HASHING_FALLBACK = 'HashingFallback',
  /** A dependency did not answer and the caller got 503. */
  DEPENDENCY_UNAVAILABLE = 'DependencyUnavailable',
  /** Errors nobody foresaw. */
  UNEXPECTED_ERROR = 'UnexpectedError',
  /** Greatest memory that a function has held, in percent of what it has. A level and not a count: its maximum says something, its sum nothing. */
  MEMORY_USED = 'MemoryUsed',
  /** Seconds since a signing key was last published, which each rotation does. A level and not a count. */
  SIGNING_KEY_AGE = 'SigningKeyAge',
}

/** The same, under the name that the functions use. */
export const Metrics = AuthMetric;

/** Levels, each with the unit that CloudWatch shows. All other metrics count events. */
export const GaugeUnits = {
  [AuthMetric.MEMORY_USED]: 'Percent',
  [AuthMetric.SIGNING_KEY_AGE]: 'Seconds',
} as const;

export type GaugeName = keyof typeof GaugeUnits;
/** What an event raises by one. */
export type MetricName = Exclude<AuthMetric, GaugeName>;

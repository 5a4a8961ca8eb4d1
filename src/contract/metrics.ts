/** Metrics of the service: CloudWatch embedded metric format, unit Count unless said, dimension `Service`. */
export const METRIC_NAMESPACE = 'CdkAuthService';
export const METRIC_DIMENSION = 'Service';

export const Metrics = {
  REGISTRATION_SUCCEEDED: 'RegistrationSucceeded',
  REGISTRATION_REFUSED: 'RegistrationRefused',
  LOGIN_SUCCEEDED: 'LoginSucceeded',
  LOGIN_FAILED: 'LoginFailed',
  LOGIN_LIMITED: 'LoginLimited',
  REFRESH_SUCCEEDED: 'RefreshSucceeded',
  REFRESH_REFUSED: 'RefreshRefused',
  /** A refresh token that its successor had replaced came back after the grace: probably stolen. */
  REFRESH_REUSE: 'RefreshReuse',
  SESSION_ENDED: 'SessionEnded',
  PASSWORD_CHANGED: 'PasswordChanged',
  PASSWORD_REHASHED: 'PasswordRehashed',
  TOKEN_REFUSED: 'TokenRefused',
  KEYS_ROTATED: 'KeysRotated',
  KEYS_ROTATION_FAILED: 'KeysRotationFailed',
  /** The runtime lacks argon2: scrypt stands in. */
  HASHING_FALLBACK: 'HashingFallback',
  /** A dependency did not answer and the caller got 503. */
  DEPENDENCY_UNAVAILABLE: 'DependencyUnavailable',
  UNEXPECTED_ERROR: 'UnexpectedError',
} as const;

export type MetricName = (typeof Metrics)[keyof typeof Metrics];

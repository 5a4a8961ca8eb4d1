import { MetricName, Metrics } from '../../src/contract/metrics';

export interface AuditEventDefinition {
  readonly outcome: 'success' | 'failure';
  /** Metrics that each occurrence raises by one. */
  readonly metrics: readonly MetricName[];
}

/** Every event the service writes to its audit log. Names are past tense and part of the log's format: they never change meaning. */
export const AUDIT_EVENTS = {
  registration_succeeded: success(Metrics.REGISTRATION_SUCCEEDED),
  registration_refused: failure(Metrics.REGISTRATION_REFUSED),
  login_succeeded: success(Metrics.LOGIN_SUCCEEDED),
  login_failed: failure(Metrics.LOGIN_FAILED),
  /** Refused by the limiter before any password was looked at. */
  login_limited: failure(Metrics.LOGIN_LIMITED),
  refresh_succeeded: success(Metrics.REFRESH_SUCCEEDED),
  /** A token came back after the grace for an answer that was lost: its unused successor was replaced by another one. */
  refresh_answer_replaced: success(Metrics.REFRESH_SUCCEEDED, Metrics.REFRESH_ANSWER_REPLACED),
  refresh_refused: failure(Metrics.REFRESH_REFUSED),
  /** A genuine refresh token came back after its successor was used, or too late for a lost answer: the session was ended. */
  refresh_reuse: failure(Metrics.REFRESH_REUSE),
  logout_succeeded: success(Metrics.SESSION_ENDED),
  logout_refused: failure(),
  /** All sessions of a user. */
  sessions_ended: success(Metrics.SESSION_ENDED),
  /** One session, by its owner from another one. */
  session_ended: success(Metrics.SESSION_ENDED),
  session_end_refused: failure(),
  /** RFC 7009. */
  token_revoked: success(Metrics.SESSION_ENDED),
  /** RFC 7009 answers 200 also for a token that is not ours. */
  token_revocation_ignored: failure(),
  /** An access token refused, by the authorizer or by the function that verifies it itself. */
  token_refused: failure(Metrics.TOKEN_REFUSED),
  profile_changed: success(),
  profile_change_refused: failure(),
  account_deleted: success(),
  account_deletion_refused: failure(),
  password_changed: success(Metrics.PASSWORD_CHANGED),
  password_change_failed: failure(),
  password_rehashed: success(Metrics.PASSWORD_REHASHED),
  /** The runtime lacks argon2: scrypt stands in. Once a container. */
  hashing_fallback: failure(Metrics.HASHING_FALLBACK),
  admin_user_invited: success(),
  admin_user_read: success(),
  admin_user_disabled: success(),
  admin_user_enabled: success(),
  admin_user_unlocked: success(),
  admin_sessions_ended: success(Metrics.SESSION_ENDED),
  admin_scopes_set: success(),
  admin_rotation_started: success(),
  admin_request_refused: failure(),
  keys_created: success(),
  /** Keys that somebody else keeps: a new list of them. */
  keys_published: success(),
  keys_rotated: success(Metrics.KEYS_ROTATED),
  keys_rotation_failed: failure(Metrics.KEYS_ROTATION_FAILED),
  /** Emergency retirement of one key. */
  keys_retired: success(),
  /** Refused before any use case: schema, size, media type, origin of a browser. */
  request_refused: failure(),
  /** Refused before anything else: the request came past CloudFront, which alone knows the origin secret. */
  origin_refused: failure(),
  dependency_unavailable: failure(Metrics.DEPENDENCY_UNAVAILABLE),
  unexpected_error: failure(Metrics.UNEXPECTED_ERROR),
} as const satisfies Readonly<Record<string, AuditEventDefinition>>;

export type AuditEventName = keyof typeof AUDIT_EVENTS;

/** What an event says beyond its name. No address, password, token or secret. */
export interface AuditEventFields {
  readonly uid?: string;
  /** Hash of the session id. */
  readonly session?: string;
  /** Stable reason, snake case. */
  readonly reason?: string;
}

/** An event with its outcome and metrics, as `Audit.record` takes it. */
export function auditEvent(
  event: AuditEventName,
  fields: AuditEventFields = {},
): { readonly event: AuditEventName } & AuditEventDefinition & AuditEventFields {
  return { event, ...AUDIT_EVENTS[event], ...fields };
}

function success(...metrics: MetricName[]): AuditEventDefinition {
  return { outcome: 'success', metrics };
}

function failure(...metrics: MetricName[]): AuditEventDefinition {
  return { outcome: 'failure', metrics };
}

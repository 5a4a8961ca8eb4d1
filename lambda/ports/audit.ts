import { MetricName } from '../../src/contract/metrics';

/** One security event. No address, password, token or secret in any field. */
export interface AuditEvent {
  /** Past tense, snake case: `login_succeeded`, `refresh_reuse` ... The list is `AUDIT_EVENTS` in domain/audit-events.ts. */
  readonly event: string;
  readonly outcome: 'success' | 'failure';
  readonly uid?: string;
  /** Hash of the session id. */
  readonly session?: string;
  /** Stable reason, snake case. */
  readonly reason?: string;
  readonly metrics?: readonly MetricName[];
}

/** Writes events to the structured log, with request id, source and time added. Never throws, never waits for a network. */
export interface Audit {
  record(event: AuditEvent): void;
}

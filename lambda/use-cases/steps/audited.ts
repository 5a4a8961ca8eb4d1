import { AuditEventName, auditEvent } from '../../domain/audit-events';
import { AuthError, UnavailableError } from '../../domain/errors';
import { Audit } from '../../ports/audit';
import { Crypto } from '../../ports/crypto';

/** What is known so far about the outcome; a use case fills it in as it learns. */
export interface Trail {
  /** Event of a success; undefined for reads, which leave none. */
  success: AuditEventName | undefined;
  /** Event of a refusal. */
  refusal: AuditEventName;
  uid?: string;
  sid?: string;
  /** Reason on a success, for example that there was nothing to do. */
  reason?: string;
}

export interface AuditedDeps {
  readonly audit: Audit;
  readonly crypto: Pick<Crypto, 'sha256'>;
}

/**
 * Runs a use case and records the one event of its outcome (ASVS 16.3.1). Outages and unexpected errors are recorded by whoever
 * answers the caller, since they may also happen outside of a use case.
 */
export async function audited<T>(deps: AuditedDeps, trail: Trail, run: (trail: Trail) => Promise<T>): Promise<T> {
  let output: T;
  try {
    output = await run(trail);
  } catch (error) {
    if (error instanceof AuthError && !(error instanceof UnavailableError)) {
      record(deps, trail, trail.refusal, error.reason ?? error.code);
    }
    throw error;
  }
  if (trail.success !== undefined) record(deps, trail, trail.success, trail.reason);
  return output;
}

function record(deps: AuditedDeps, trail: Trail, event: AuditEventName, reason: string | undefined): void {
  deps.audit.record(
    auditEvent(event, {
      ...(trail.uid === undefined ? {} : { uid: trail.uid }),
      ...(trail.sid === undefined ? {} : { session: deps.crypto.sha256(trail.sid) }),
      ...(reason === undefined ? {} : { reason }),
    }),
  );
}

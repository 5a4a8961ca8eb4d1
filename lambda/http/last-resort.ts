import { auditEvent } from '../domain/audit-events';
import { AuthError, UnavailableError } from '../domain/errors';
import type { Audit, AuditEvent } from '../ports/audit';
import type { Log } from '../ports/log';
import type { RequestScope } from '../ports/request-scope';

export interface LastResortDeps {
  readonly scope: RequestScope;
  readonly audit: Audit;
  readonly log: Log;
}

/**
 * What the caller may know of an error, after it was recorded. Use cases record the refusals they decide; here come those that
 * never reached one, dependencies that gave no answer, and whatever nobody expected (ASVS 16.5.1, 16.5.4).
 */
export function lastResort(deps: LastResortDeps, error: unknown): AuthError {
  if (error instanceof UnavailableError) {
    deps.log.error('a dependency gave no answer', error, { dependency: error.dependency });
    deps.audit.record(auditEvent('dependency_unavailable', { reason: error.dependency }));
    return error;
  }
  if (error instanceof AuthError) {
    if (!deps.scope.recorded()) {
      deps.audit.record(refusalOf(error));
    }
    return error;
  }
  deps.log.error('unexpected error', error);
  deps.audit.record(auditEvent('unexpected_error'));
  return new AuthError('internal_error', { cause: error });
}

function refusalOf({ code, reason }: AuthError): AuditEvent {
  if (code === 'origin_required') return auditEvent('origin_refused', { ...(reason === undefined ? {} : { reason }) });
  return auditEvent('request_refused', { reason: reason ? `${code}:${reason}` : code });
}

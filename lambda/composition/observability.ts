import { Env } from '../../src/contract/environment';
import { AuditLog } from '../adapters/log/audit-log';
import { isLogLevel, JsonLog } from '../adapters/log/json-log';
import { stdout } from '../adapters/log/line';
import { AsyncRequestScope } from '../adapters/log/request-scope';
import { systemClock } from '../adapters/clock/system-clock';
import type { LastResortDeps } from '../http/last-resort';
import type { Clock } from '../ports/clock';
import type { Environment } from './environment';

export interface Observability extends LastResortDeps {
  readonly clock: Clock;
}

/** What every function writes and reads the time with. */
export function observability(env: Environment): Observability {
  const service = env.text(Env.SERVICE_NAME);
  const level = env.optional(Env.LOG_LEVEL) ?? 'info';
  if (!isLogLevel(level)) throw new Error(`environment variable ${Env.LOG_LEVEL} is "${level}", expected error, warn, info or debug`);
  const scope = new AsyncRequestScope();
  return {
    clock: systemClock,
    scope,
    audit: new AuditLog(service, systemClock, scope, stdout),
    log: new JsonLog(service, level, systemClock, scope, stdout),
  };
}

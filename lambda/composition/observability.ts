import { Env } from '../../src/contract/environment';
import { AuditLog } from '../adapters/log/audit-log';
import { GaugeLog } from '../adapters/log/gauge-log';
import { isLogLevel, JsonLog } from '../adapters/log/json-log';
import { stdout } from '../adapters/log/line';
import { memoryGauge } from '../adapters/log/memory-gauge';
import { requestDeadline } from '../adapters/deadline';
import { AsyncRequestScope } from '../adapters/log/request-scope';
import { systemClock } from '../adapters/clock/system-clock';
import type { LastResortDeps } from '../http/last-resort';
import type { Clock } from '../ports/clock';
import type { Deadline } from '../ports/deadline';
import type { Gauges } from '../ports/gauges';
import type { Environment } from './environment';

export interface Observability extends LastResortDeps {
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly gauges: Gauges;
}

/** What every function writes and reads the time with. */
export function observability(env: Environment): Observability {
  const service = env.text(Env.SERVICE_NAME);
  const level = env.optional(Env.LOG_LEVEL) ?? 'info';
  if (!isLogLevel(level)) throw new Error(`environment variable ${Env.LOG_LEVEL} is "${level}", expected error, warn, info or debug`);
  // Where no runtime of Lambda says who it is and what it has, there is no level to report.
  const gauges = new GaugeLog(service, env.optional('AWS_LAMBDA_FUNCTION_NAME') ?? 'unknown', systemClock, stdout);
  const limit = Number(env.optional('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'));
  const scope = new AsyncRequestScope(limit > 0 ? memoryGauge(gauges, limit) : undefined);
  return {
    clock: systemClock,
    deadline: requestDeadline,
    gauges,
    scope,
    audit: new AuditLog(service, systemClock, scope, stdout),
    log: new JsonLog(service, level, systemClock, scope, stdout),
  };
}

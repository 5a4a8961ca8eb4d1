import { METRIC_DIMENSION, METRIC_NAMESPACE, MetricName } from '../../../src/contract/metrics';
import { Audit, AuditEvent } from '../../ports/audit';
import { Clock } from '../../ports/clock';
import { encodeLine, Sink } from './line';
import { AsyncRequestScope } from './request-scope';

/**
 * One line an event, in one schema: `type` `audit`, `time` (UTC, milliseconds), `event`, `outcome`, `service`, the request's ids,
 * operation, source and hash of its user agent, then what the event knows (ASVS 16.2.1). An event that counts is at the same
 * time a document of the embedded metric format, so that a metric can never say other than the log.
 */
export class AuditLog implements Audit {
  constructor(
    private readonly service: string,
    private readonly clock: Clock,
    private readonly scope: AsyncRequestScope,
    private readonly sink: Sink,
  ) {}

  record(event: AuditEvent): void {
    try {
      this.scope.markRecorded();
      this.sink(encodeLine(this.document(event)));
    } catch {
      // A full or closed stream must not turn a decision that was taken into an error for the caller.
    }
  }

  private document(event: AuditEvent): object {
    const now = this.clock.now();
    return {
      type: 'audit',
      time: new Date(now).toISOString(),
      level: 'INFO',
      service: this.service,
      event: event.event,
      outcome: event.outcome,
      ...this.scope.fields(),
      uid: event.uid,
      session: event.session,
      reason: event.reason,
      ...this.metrics(event.metrics ?? [], now),
    };
  }

  private metrics(names: readonly MetricName[], now: number): object {
    if (names.length === 0) return {};
    return {
      [METRIC_DIMENSION]: this.service,
      ...Object.fromEntries(names.map((name) => [name, 1])),
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [{
          Namespace: METRIC_NAMESPACE,
          Dimensions: [[METRIC_DIMENSION]],
          Metrics: names.map((Name) => ({ Name, Unit: 'Count' })),
        }],
      },
    };
  }
}

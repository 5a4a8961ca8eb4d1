import type { GaugeName } from '../../../src/contract/metrics';
import { GaugeUnits, METRIC_DIMENSION, METRIC_NAMESPACE } from '../../../src/contract/metrics';
import type { Clock } from '../../ports/clock';
import type { Gauges } from '../../ports/gauges';
import { encodeLine, Sink } from './line';

const INTERVAL_MS = 60_000;

/**
 * One line of the embedded metric format at most once a minute for each level and container: CloudWatch keeps the maximum of a
 * minute, so more lines would cost and say nothing. The function stands in the line and is no dimension: ten times the metrics
 * would cost ten times as much, and a query over the logs finds it.
 */
export class GaugeLog implements Gauges {
  private readonly reportedAt = new Map<GaugeName, number>();

  constructor(
    private readonly service: string,
    private readonly operation: string,
    private readonly clock: Clock,
    private readonly sink: Sink,
  ) {}

  report(name: GaugeName, value: number): void {
    const now = this.clock.now();
    const last = this.reportedAt.get(name);
    // A clock that went back must not silence a level for long.
    if (last !== undefined && now >= last && now - last < INTERVAL_MS) return;
    this.reportedAt.set(name, now);
    try {
      this.sink(encodeLine({
        type: 'gauge',
        time: new Date(now).toISOString(),
        level: 'INFO',
        service: this.service,
        function: this.operation,
        [METRIC_DIMENSION]: this.service,
        [name]: value,
        _aws: {
          Timestamp: now,
          CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [[METRIC_DIMENSION]], Metrics: [{ Name: name, Unit: GaugeUnits[name] }] }],
        },
      }));
    } catch {
      // As in the audit log: no line is worth an answer.
    }
  }
}

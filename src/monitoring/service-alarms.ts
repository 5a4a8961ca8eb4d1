import { Alarm, AlarmBase, AlarmRule, AlarmState, AnomalyDetectionAlarm, ComparisonOperator, CompositeAlarm, IAlarmAction, IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AuthFunctionName } from '../contract/functions';
import { AlarmOverride, AuthAlarm } from '../policy/alarms';
import { warnOfNoEffect } from '../policy/no-effect';
import { AlarmSpec } from './alarm-specs';
import { MINUTE, ServiceMetrics } from './metrics';

/** What the alarms are made with. */
export interface ServiceAlarmsProps {
  readonly serviceName: string;
  readonly metrics: ServiceMetrics;
  readonly specs: Partial<Record<AuthAlarm, AlarmSpec>>;
  readonly overrides: AlarmOverride[];
  readonly perFunctionAlarms: boolean;
  readonly runbookUrl: string;
}

/** One alarm of each kind, and the composite one that wakes somebody up. */
export class ServiceAlarms extends Construct {
  /** Each alarm by itself. */
  public readonly all: Alarm[] = [];
  /** In alarm while one of those is that cannot wait for the morning; absent if none of them is left. */
  public readonly paging?: CompositeAlarm;

  constructor(scope: Construct, id: string, private readonly props: ServiceAlarmsProps) {
    super(scope, id);
    const paging: Alarm[] = [];
    for (const [kind, spec] of Object.entries(props.specs) as [AuthAlarm, AlarmSpec][]) {
      const override = props.overrides.find(({ alarm }) => alarm === kind);
      if (override?.enabled === false) {
        continue;
      }
      const alarm = this.create(kind, { ...spec, threshold: override?.threshold ?? spec.threshold });
      if (override?.pages ?? spec.pages) {
        paging.push(alarm);
      }
    }
    if (props.perFunctionAlarms) {
      this.createPerFunction();
    }
    this.paging = paging.length === 0 ? undefined : this.createComposite(paging);
  }

  /** Whom each alarm tells by itself, of its end too. */
  public addAction(action: IAlarmAction): void {
    this.all.forEach((alarm) => tell(alarm, action));
  }

  /** Whom the composite alarm tells, of its end too. */
  public addPagingAction(action: IAlarmAction): void {
    if (!this.paging) {
      warnOfNoEffect(this, 'addPagingAction', 'monitoring.alarmOverrides leaves no alarm that wakes somebody up: set pages to true for those that are to');
      return;
    }
    tell(this.paging, action);
  }

  private create(kind: AuthAlarm, spec: AlarmSpec): Alarm {
    const { metric, threshold, evaluationPeriods, datapointsToAlarm, treatMissingData } = spec;
    const common = {
      alarmName: `${this.props.serviceName}-${kind}`, alarmDescription: this.description(kind, spec.meaning), metric, evaluationPeriods, datapointsToAlarm, treatMissingData,
      // One slow request among a few is their hundredth as well.
      ...isPercentile(metric) ? { evaluateLowSampleCountPercentile: 'ignore' } : {},
    };
    const alarm = spec.anomaly
      ? new AnomalyDetectionAlarm(this, idOf(kind), { ...common, stdDevs: threshold, comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD })
      : new Alarm(this, idOf(kind), { ...common, threshold, comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD });
    this.all.push(alarm);
    return alarm;
  }

  /** The same headings of the runbook serve them: only the scope is smaller. */
  private createPerFunction(): void {
    const kinds = [
      { id: 'Errors', metricName: 'Errors', heading: AuthAlarm.FUNCTION_ERROR_RATE, what: 'crashes or times out', names: Object.values(AuthFunctionName).filter((name) => name !== AuthFunctionName.AUTHORIZER) },
      { id: 'Throttles', metricName: 'Throttles', heading: AuthAlarm.CONCURRENCY, what: 'is refused by Lambda', names: Object.values(AuthFunctionName) },
    ];
    for (const { id, metricName, heading, what, names } of kinds) {
      for (const name of names) {
        this.all.push(new Alarm(this, `${idOf(name)}${id}`, {
          alarmName: `${this.props.serviceName}-${name}-${id.toLowerCase()}`,
          alarmDescription: this.description(heading, `The function ${name} ${what}`),
          metric: this.props.metrics.lambda(name, metricName, { statistic: Stats.SUM, period: MINUTE }),
          threshold: 0,
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          evaluationPeriods: 5,
          datapointsToAlarm: 2,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }));
      }
    }
  }

  private createComposite(alarms: Alarm[]): CompositeAlarm {
    return new CompositeAlarm(this, 'Paging', {
      compositeAlarmName: `${this.props.serviceName}-paging`,
      alarmDescription: `Users of ${this.props.serviceName} cannot log in, or soon will not be able to. ${this.props.runbookUrl}`,
      alarmRule: AlarmRule.anyOf(...alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    });
  }

  private description(heading: AuthAlarm, meaning: string): string {
    return `${meaning} (${this.props.serviceName}). ${this.props.runbookUrl}#${heading}`;
  }
}

function isPercentile(metric: IMetric): boolean {
  return metric instanceof Metric && /^p\d/.test(metric.statistic);
}

function tell(alarm: AlarmBase, action: IAlarmAction): void {
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}

/** `login-latency-p99` becomes `LoginLatencyP99`: logical ids allow no hyphens. */
export function idOf(name: string): string {
  return name.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}

import { Duration } from 'aws-cdk-lib';
import { CfnServiceLevelObjective } from 'aws-cdk-lib/aws-applicationsignals';
import { MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AuthAlarm } from '../policy/alarms';
import { AuthRoute } from '../policy/routes';
import { ServiceLevelOptions } from '../policy/service-levels';
import { AlarmSpec } from './alarm-specs';
import { MINUTE, ServiceMetrics } from './metrics';

/** What the objectives are made with. */
export interface ServiceLevelsProps extends ServiceLevelOptions {
  readonly serviceName: string;
  readonly metrics: ServiceMetrics;
}

/** Minutes over which a burn is measured: the long one shows that it matters, the short one that it still goes on. */
const LONG_WINDOW = 60;
const SHORT_WINDOW = 5;
/** At this rate an hour uses up a fiftieth of the budget of 30 days. */
const FAST_BURN = 14.4;
/** Warns when less than half of the budget is left. */
const WARNING_PERCENT = 50;

/** Objectives by requests: a night without traffic earns nothing. */
export class ServiceLevels extends Construct {
  /** Alarms on budgets that burn too fast. */
  public readonly alarms: Partial<Record<AuthAlarm, AlarmSpec>>;

  constructor(scope: Construct, id: string, private readonly props: ServiceLevelsProps) {
    super(scope, id);
    const { metrics, availability = 99.9, logins = 99, loginWithin = Duration.millis(800) } = props;
    const availabilityName = this.create('Availability', 'availability', 'Requests that are answered without 5xx', availability, {
      total: metrics.api('Count', { statistic: Stats.SUM }),
      bad: metrics.serverErrors({ statistic: Stats.SUM }),
    });
    const milliseconds = loginWithin.toMilliseconds();
    const latencyName = this.create('LoginLatency', 'login-latency', `Logins that are answered within ${milliseconds} ms`, logins, {
      total: metrics.api('Latency', { statistic: Stats.SAMPLE_COUNT }, AuthRoute.LOGIN),
      // How many values are not above it. `Stats.tc` of the CDK would take the number for a percentile.
      good: metrics.api('Latency', { statistic: `TC(:${milliseconds})` }, AuthRoute.LOGIN),
    });
    this.alarms = {
      [AuthAlarm.AVAILABILITY_BURN_RATE]: burnAlarm(availabilityName, 'Errors use up the error budget far too fast'),
      [AuthAlarm.LATENCY_BURN_RATE]: burnAlarm(latencyName, 'Slow logins use up their budget far too fast'),
    };
  }

  private create(id: string, suffix: string, description: string, goal: number, counts: { total: Metric; good?: Metric; bad?: Metric }): string {
    const name = `${this.props.serviceName}-${suffix}`;
    new CfnServiceLevelObjective(this, id, {
      name,
      description: `${description} (${this.props.serviceName})`,
      requestBasedSli: {
        requestBasedSliMetric: {
          totalRequestCountMetric: query('total', counts.total),
          monitoredRequestCountMetric: {
            goodCountMetric: counts.good && query('good', counts.good),
            badCountMetric: counts.bad && query('bad', counts.bad),
          },
        },
      },
      goal: {
        attainmentGoal: goal,
        warningThreshold: WARNING_PERCENT,
        interval: { rollingInterval: { duration: this.props.days ?? 30, durationUnit: 'DAY' } },
      },
      burnRateConfigurations: [SHORT_WINDOW, LONG_WINDOW].map((lookBackWindowMinutes) => ({ lookBackWindowMinutes })),
    });
    return name;
  }
}

function query(id: string, metric: Metric): CfnServiceLevelObjective.MetricDataQueryProperty[] {
  return [{
    id,
    returnData: true,
    metricStat: {
      metric: {
        namespace: metric.namespace,
        metricName: metric.metricName,
        dimensions: Object.entries(metric.dimensions ?? {}).map(([name, value]) => ({ name, value: String(value) })),
      },
      period: MINUTE.toSeconds(),
      stat: metric.statistic,
    },
  }];
}

function burnAlarm(name: string, meaning: string): AlarmSpec {
  const burn = (minutes: number) => new Metric({
    namespace: 'AWS/ApplicationSignals',
    metricName: 'BurnRate',
    dimensionsMap: { SloName: name, BurnRateWindowMinutes: String(minutes) },
    statistic: Stats.MAXIMUM,
  });
  return {
    metric: new MathExpression({
      label: 'rate at which the budget burns',
      period: MINUTE,
      expression: 'IF(long < short, long, short)',
      usingMetrics: { long: burn(LONG_WINDOW), short: burn(SHORT_WINDOW) },
    }),
    threshold: FAST_BURN,
    meaning,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    // No requests, no burn.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    pages: true,
  };
}

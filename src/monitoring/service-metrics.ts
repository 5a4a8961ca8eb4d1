import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { AuthMetric, GaugeUnits, METRIC_DIMENSION, METRIC_NAMESPACE } from '../contract/metrics';

/** A metric that the functions write: over five minutes, counts as their sum and levels as their maximum, unless the options say otherwise. */
export function serviceMetric(serviceName: string, name: AuthMetric, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { [METRIC_DIMENSION]: serviceName },
    statistic: name in GaugeUnits ? Stats.MAXIMUM : Stats.SUM,
    ...options,
  });
}

import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { AuthMetric, METRIC_DIMENSION, METRIC_NAMESPACE } from '../contract/metrics';

/** A metric that the functions write: a sum over five minutes unless the options say otherwise. */
export function serviceMetric(serviceName: string, name: AuthMetric, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { [METRIC_DIMENSION]: serviceName },
    statistic: Stats.SUM,
    ...options,
  });
}

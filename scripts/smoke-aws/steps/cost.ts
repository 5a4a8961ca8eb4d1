import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Report } from '../report.ts';
import type { Target } from '../target.ts';

/** USD, us-east-1, November 2026: a request of a REST API with AWS WAF and one invocation of 512 MB for 100 ms on arm64. */
const PER_REQUEST = 3.5e-6 + 0.6e-6 + 0.2e-6 + 0.05 * 0.0000133334;
/** USD an hour while a stack stands: web ACL with its rules, secrets, alarms, dashboard and KMS key, spread over the month. */
const PER_HOUR = (5 + 8 + 3 * 0.4 + 25 * 0.1 + 3 + 1) / 730;

/** An estimate from what CloudWatch counted: the bill itself comes a day later. */
export async function cost(report: Report, target: Target, startedAt: number): Promise<void> {
  report.heading('What it cost');
  const { Datapoints: points = [] } = await new CloudWatchClient(target.settings).send(new GetMetricStatisticsCommand({
    Namespace: 'AWS/Lambda', MetricName: 'Invocations', StartTime: new Date(startedAt), EndTime: new Date(), Period: 3600, Statistics: ['Sum'],
  }));
  const invocations = points.reduce((sum, { Sum: count = 0 }) => sum + count, 0);
  const hours = (Date.now() - startedAt) / 3_600_000;
  report.note(`${invocations} invocations in ${hours.toFixed(1)} hours: about ${(invocations * PER_REQUEST + hours * PER_HOUR).toFixed(2)} USD, and what deployments and logs cost`);
}

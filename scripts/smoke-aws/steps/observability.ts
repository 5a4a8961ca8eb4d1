import { CloudWatchClient, DescribeAlarmsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetTraceSummariesCommand, XRayClient } from '@aws-sdk/client-xray';
import type { Report } from '../report.ts';
import { eventually, type Target } from '../target.ts';

/** Metrics, traces, the access log, and alarms that have something to watch. */
export async function observability(report: Report, target: Target): Promise<void> {
  report.heading('What an operator sees');
  const { settings } = target;
  const cloudWatch = new CloudWatchClient(settings);
  const metrics = await eventually(10, async () => (await cloudWatch.send(new ListMetricsCommand({ Namespace: 'CdkAuthService' }))).Metrics ?? [], (found) => found.length >= 3);
  report.proves(metrics.some(({ MetricName: name }) => name === 'LoginSucceeded'), 'the metrics of the service arrive', metrics.map(({ MetricName: name }) => name));

  const logs = new CloudWatchLogsClient(settings);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: target.stackName }));
  const access = logGroups.find(({ logGroupName: name }) => /access/i.test(name ?? ''));
  const newest = async () => (await logs.send(new FilterLogEventsCommand({ logGroupName: access!.logGroupName!, limit: 20 }))).events ?? [];
  const entries = access && await eventually(10, newest, ({ length }) => length > 0);
  report.proves((entries?.length ?? 0) > 0, 'the access log has entries', logGroups.map(({ logGroupName: name }) => name));
  report.proves(entries?.every(({ message = '' }) => isJson(message) && !/authorization|cookie|password/i.test(message)) === true, 'each is a JSON document without a secret', entries?.[0]?.message);

  const xray = new XRayClient(settings);
  const now = Date.now();
  const lastHour = async () => {
    const { TraceSummaries: summaries = [] } = await xray.send(new GetTraceSummariesCommand({ StartTime: new Date(now - 3_600_000), EndTime: new Date() }));
    return summaries;
  };
  const traces = await eventually(5, lastHour, ({ length }) => length > 0);
  report.proves(traces.length > 0, 'requests are traced');

  const alarms = async () => (await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 100 }))).MetricAlarms ?? [];
  const withoutData = async () => (await alarms()).filter(({ StateValue: state }) => state === 'INSUFFICIENT_DATA').map(({ AlarmName: name }) => name);
  const waiting = await eventually(20, withoutData, ({ length }) => length === 0);
  const { length } = await alarms();
  report.proves(length > 0 && waiting.length === 0, `each of ${length} alarms has left INSUFFICIENT_DATA`, waiting);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

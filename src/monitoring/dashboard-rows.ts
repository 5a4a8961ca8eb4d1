import { Color, IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { AuthFunctionName } from '../contract/functions';
import { AuthMetric } from '../contract/metrics';
import { AuthRoute } from '../policy/routes';
import { AuthTable } from '../policy/storage';
import { FIVE_MINUTES, ServiceMetrics, THROTTLED } from './metrics';

/** One graph. */
export interface GraphSpec {
  readonly title: string;
  readonly metrics: IMetric[];
  /** Where an alarm draws the line. */
  readonly limit?: number;
  readonly stacked?: boolean;
}

/** Graphs side by side below a heading. */
export interface RowSpec {
  readonly heading: string;
  readonly graphs: GraphSpec[];
}

/** What the rows depend on beside names. */
export interface RowOptions {
  readonly metrics: ServiceMetrics;
  readonly ownFirewall: boolean;
}

const SUM = { statistic: Stats.SUM, period: FIVE_MINUTES };
const FIREWALL_RULES = ['AuthenticationRate', 'Rate', 'BodySize', 'AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet'];
const FUNCTIONS = Object.values(AuthFunctionName);
const TABLES = Object.values(AuthTable);

/** In the order in which a person on call asks. */
export function dashboardRows({ metrics, ownFirewall }: RowOptions): RowSpec[] {
  return [
    { heading: 'Do users get in?', graphs: [requests(metrics), errorShare(metrics), latency(metrics, 'Time to answer, ms')] },
    { heading: 'Login', graphs: [logins(metrics), failedShare(metrics), { ...latency(metrics, 'Time of a login, ms', AuthRoute.LOGIN), limit: 800 }] },
    {
      heading: 'Sessions and accounts',
      graphs: [
        own(metrics, 'Refreshes', AuthMetric.REFRESH_SUCCEEDED, AuthMetric.REFRESH_REFUSED, AuthMetric.REFRESH_ANSWER_REPLACED, AuthMetric.REFRESH_REUSE),
        own(metrics, 'Registrations', AuthMetric.REGISTRATION_SUCCEEDED, AuthMetric.REGISTRATION_REFUSED),
        own(metrics, 'Ended sessions, changed passwords', AuthMetric.SESSION_ENDED, AuthMetric.PASSWORD_CHANGED),
      ],
    },
    {
      heading: 'Who is at the door? Limiter and firewall',
      graphs: [own(metrics, 'Refused by limiter and authorizer', AuthMetric.LOGIN_LIMITED, AuthMetric.TOKEN_REFUSED), ...ownFirewall ? firewall(metrics) : []],
    },
    { heading: 'What does it wait for? Tables and keys', graphs: [throttles(metrics), tableLatency(metrics), dependencies(metrics), keyAge(metrics)] },
    { heading: 'Functions', graphs: [functionErrors(metrics), durations(metrics), memory(metrics), concurrency(metrics)] },
    {
      heading: 'What does it cost?',
      graphs: [
        { title: 'Invocations', metrics: FUNCTIONS.map((name) => metrics.lambda(name, 'Invocations', SUM)), stacked: true },
        consumed(metrics, 'Read units', 'ConsumedReadCapacityUnits'),
        consumed(metrics, 'Write units', 'ConsumedWriteCapacityUnits'),
        billedTime(metrics),
      ],
    },
  ];
}

function requests(metrics: ServiceMetrics): GraphSpec {
  return {
    title: 'Requests',
    metrics: [
      metrics.api('Count', { ...SUM, label: 'all', color: Color.BLUE }),
      metrics.clientErrors({ ...SUM, label: 'refused, 4xx', color: Color.ORANGE }),
      metrics.serverErrors({ ...SUM, label: 'failed, 5xx', color: Color.RED }),
    ],
  };
}

function errorShare(metrics: ServiceMetrics): GraphSpec {
  const [errors, all] = [metrics.serverErrors(SUM), metrics.api('Count', SUM)];
  return { title: 'Answers with 5xx, %', metrics: [share('failed', errors, all)], limit: 1 };
}

function latency(metrics: ServiceMetrics, title: string, route?: AuthRoute): GraphSpec {
  return { title, metrics: ['p50', 'p95', 'p99'].map((statistic) => metrics.api('Latency', { statistic, period: FIVE_MINUTES, label: statistic }, route)) };
}

function logins(metrics: ServiceMetrics): GraphSpec {
  return {
    title: 'Logins',
    metrics: [
      metrics.own(AuthMetric.LOGIN_SUCCEEDED, { label: 'succeeded', color: Color.GREEN }),
      metrics.own(AuthMetric.LOGIN_FAILED, { label: 'wrong credentials', color: Color.ORANGE }),
      metrics.own(AuthMetric.LOGIN_LIMITED, { label: 'refused by the limiter', color: Color.RED }),
    ],
  };
}

function failedShare(metrics: ServiceMetrics): GraphSpec {
  const [failed, succeeded] = [metrics.own(AuthMetric.LOGIN_FAILED), metrics.own(AuthMetric.LOGIN_SUCCEEDED)];
  return {
    title: 'Logins that fail, %',
    metrics: [new MathExpression({ label: 'wrong credentials', period: FIVE_MINUTES, expression: '100 * failed / (failed + succeeded)', usingMetrics: { failed, succeeded } })],
  };
}

function own(metrics: ServiceMetrics, title: string, ...names: AuthMetric[]): GraphSpec {
  return { title, metrics: names.map((name) => metrics.own(name)) };
}

function firewall(metrics: ServiceMetrics): GraphSpec[] {
  return [
    { title: 'Requests at the firewall', metrics: ['AllowedRequests', 'BlockedRequests'].map((name) => metrics.firewall(name, { period: FIVE_MINUTES })) },
    { title: 'Blocked, by rule', metrics: FIREWALL_RULES.map((rule) => metrics.firewall('BlockedRequests', { period: FIVE_MINUTES }, rule)), stacked: true },
  ];
}

function throttles(metrics: ServiceMetrics): GraphSpec {
  const of = (metricName: string, what: string) => THROTTLED.map((resource) => {
    const { table, index } = resource;
    return metrics.table(resource, metricName, { ...SUM, label: `${what} ${index ?? table}` });
  });
  return { title: 'Refused by DynamoDB', metrics: [...of('ReadThrottleEvents', 'reads'), ...of('WriteThrottleEvents', 'writes')], stacked: true };
}

function tableLatency(metrics: ServiceMetrics): GraphSpec {
  const options = { statistic: 'p99', period: FIVE_MINUTES };
  return { title: 'Time of a read by key, p99, ms', metrics: TABLES.map((table) => metrics.table({ table }, 'SuccessfulRequestLatency', options, 'GetItem')) };
}

function dependencies(metrics: ServiceMetrics): GraphSpec {
  return own(metrics, '503 and errors nobody foresaw', AuthMetric.DEPENDENCY_UNAVAILABLE, AuthMetric.UNEXPECTED_ERROR);
}

function keyAge(metrics: ServiceMetrics): GraphSpec {
  const age = metrics.own(AuthMetric.SIGNING_KEY_AGE);
  return {
    title: 'Signing keys',
    metrics: [
      new MathExpression({ label: 'age of the newest, days', period: FIVE_MINUTES, expression: 'age / 86400', usingMetrics: { age } }),
      metrics.own(AuthMetric.KEYS_ROTATED), metrics.own(AuthMetric.KEYS_ROTATION_FAILED, { color: Color.RED }),
    ],
  };
}

function functionErrors(metrics: ServiceMetrics): GraphSpec {
  // What Lambda counts as errors of the authorizer are refused tokens.
  const names = FUNCTIONS.filter((name) => name !== AuthFunctionName.AUTHORIZER);
  return { title: 'Crashes and time-outs', metrics: names.map((name) => metrics.lambda(name, 'Errors', SUM)), stacked: true };
}

function durations(metrics: ServiceMetrics): GraphSpec {
  return { title: 'Duration, p99, ms', metrics: FUNCTIONS.map((name) => metrics.lambda(name, 'Duration', { statistic: 'p99', period: FIVE_MINUTES })) };
}

function memory(metrics: ServiceMetrics): GraphSpec {
  return { title: 'Greatest memory, %', metrics: [metrics.own(AuthMetric.MEMORY_USED, { label: 'fullest function' })], limit: 90 };
}

function concurrency(metrics: ServiceMetrics): GraphSpec {
  return {
    title: 'At once, whole account',
    metrics: [
      metrics.account('ConcurrentExecutions', { statistic: Stats.MAXIMUM, period: FIVE_MINUTES, label: 'running' }),
      metrics.account('ClaimedAccountConcurrency', { statistic: Stats.MAXIMUM, period: FIVE_MINUTES, label: 'in use, reserved or provisioned' }),
      metrics.account('Throttles', { ...SUM, label: 'refused', color: Color.RED }),
    ],
  };
}

function consumed(metrics: ServiceMetrics, title: string, metricName: string): GraphSpec {
  return { title, metrics: TABLES.map((table) => metrics.table({ table }, metricName, SUM)), stacked: true };
}

function billedTime(metrics: ServiceMetrics): GraphSpec {
  return { title: 'Running time, ms', metrics: FUNCTIONS.map((name) => metrics.lambda(name, 'Duration', SUM)), stacked: true };
}

function share(label: string, part: Metric, whole: Metric): MathExpression {
  return new MathExpression({ label, period: FIVE_MINUTES, expression: '100 * part / whole', usingMetrics: { part, whole } });
}

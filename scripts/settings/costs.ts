import { AuthFunctionName, AuthMetric } from 'cdk-auth-service';
import { prices } from '../../bench/prices.ts';
import type { Made } from './resources.ts';

/** A month of 30 days, in US dollars, us-east-1, November 2026, from the price pages of the services. */
const MONTHLY = {
  secret: 0.4,
  webAcl: 5,
  webAclRule: 1,
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
  customMetric: 0.3,
} as const;
/** Lambda on arm64, provisioned concurrency: a GB-second that is ready, and one that works. */
const READY = 0.0000033334;
const WORKING_READY = 0.0000077778;
/** CloudWatch Logs, a GB taken in. */
const LOGS = 0.5;
const SECONDS = 30 * 86_400;

/** Milliseconds that are billed, taken for the table: a hash on one processor, and everything else, which waits for DynamoDB. */
const HASHING_MS = 100;
const OTHER_MS = 15;
/**
 * Kilobytes of log that one request leaves, by who writes them. Audit and access log are measured (`bench/cost.ts`), the 26 bytes that CloudWatch
 * Logs adds to an event included; Lambda's own lines (platform.start, platform.report) and that of AWS WAF, which repeats the request's headers,
 * are taken from AWS's documented examples.
 */
const LOG_KILOBYTES = { audit: 0.8, access: 0.7, lambda: 0.8, firewall: 1.7 } as const;
/** Metrics of a REST API that each route has which is published by itself. */
const METRICS_OF_A_ROUTE = 5;

/** Units as test/service/capacity.test.ts holds them. */
const OPERATIONS: readonly { name: string; fn: AuthFunctionName; reads: number; writes: number; hashes?: boolean; behindOwnApi: boolean }[] = [
  { name: 'register', fn: AuthFunctionName.REGISTER, reads: 0, writes: 6, hashes: true, behindOwnApi: true },
  { name: 'login', fn: AuthFunctionName.LOGIN, reads: 2, writes: 3, hashes: true, behindOwnApi: true },
  { name: 'refresh', fn: AuthFunctionName.REFRESH, reads: 2, writes: 1, behindOwnApi: true },
  { name: 'logout', fn: AuthFunctionName.LOGOUT, reads: 1, writes: 2, behindOwnApi: true },
  { name: 'authorize a request of another API', fn: AuthFunctionName.AUTHORIZER, reads: 1, writes: 0, behindOwnApi: false },
];

type Resources = Record<string, Made>;
const ofType = (resources: Resources, type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
const dollars = (amount: number) => `$${amount.toFixed(2)}`;

/** Construct id of a function, as it stands in logical ids. */
const idOf = (name: string) => `AuthFunctions${name.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase())}`;

function gigabytes(resources: Resources, fn: string): number {
  return ofType(resources, 'AWS::Lambda::Function').find(([id]) => id.startsWith(fn))![1].Properties.MemorySize / 1024;
}

/** What stands ready all the time, in GB. */
function readyGigabytes(resources: Resources): number {
  const scaled = ofType(resources, 'AWS::ApplicationAutoScaling::ScalableTarget')
    .map(([id, { Properties }]) => Properties.MinCapacity * gigabytes(resources, id.slice(0, id.indexOf('Alias'))));
  const fixed = ofType(resources, 'AWS::Lambda::Alias')
    .map(([id, { Properties }]) => (Properties.ProvisionedConcurrencyConfig?.ProvisionedConcurrentExecutions ?? 0) * gigabytes(resources, id.slice(0, id.indexOf('Alias'))));
  return [...scaled, ...fixed].reduce((sum, value) => sum + value, 0);
}

/** Rows of the monthly bill of a service that nobody calls. */
export function idleCosts(resources: Resources): [string, number][] {
  const count = (type: string) => ofType(resources, type).length;
  const rules = ofType(resources, 'AWS::WAFv2::WebACL').flatMap(([, { Properties }]) => Properties.Rules as unknown[]).length;
  const metrics = ofType(resources, 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => (Properties.Metrics as { MetricStat?: unknown }[] | undefined)?.filter(({ MetricStat }) => MetricStat).length ?? 1)
    .reduce((sum, value) => sum + value, 0);
  const own = Object.values(AuthMetric).length;
  const routes = ofType(resources, 'AWS::ApiGateway::Stage')
    .flatMap(([, { Properties }]) => Properties.MethodSettings as { MetricsEnabled?: boolean }[]).filter(({ MetricsEnabled }) => MetricsEnabled).length;
  return [
    ['secrets', count('AWS::SecretsManager::Secret') * MONTHLY.secret],
    [`web ACL with ${rules} rules`, count('AWS::WAFv2::WebACL') * MONTHLY.webAcl + rules * MONTHLY.webAclRule],
    ['alarms, by metric, and composite ones', metrics * MONTHLY.alarmMetric + count('AWS::CloudWatch::CompositeAlarm') * MONTHLY.compositeAlarm],
    ['dashboard', count('AWS::CloudWatch::Dashboard') * MONTHLY.dashboard],
    [`metrics, if each of the ${own} is written`, own * MONTHLY.customMetric],
    ['metrics of single routes, if they are called', routes * METRICS_OF_A_ROUTE * MONTHLY.customMetric],
    ['provisioned concurrency, least', readyGigabytes(resources) * SECONDS * READY],
  ];
}

/** Of one request: to the service's own API, or to another one that asks the authorizer, which writes nothing of its own while tokens are good. */
function kilobytesOf(behindOwnApi: boolean, hasAccessLog: boolean = true): number {
  const { audit, access, lambda, firewall } = LOG_KILOBYTES;
  return behindOwnApi ? audit + (hasAccessLog ? access : 0) + lambda + firewall : lambda;
}

/** Dollars of a million operations. */
export function costsOfMillion(resources: Resources): [string, string][] {
  return OPERATIONS.map(({ name, fn, reads, writes, hashes, behindOwnApi }) => {
    const id = idOf(fn);
    const memory = gigabytes(resources, id);
    const ready = ofType(resources, 'AWS::ApplicationAutoScaling::ScalableTarget').some(([target]) => target.startsWith(id));
    // Below one whole processor a hash takes longer in proportion.
    const milliseconds = hashes ? HASHING_MS * Math.max(1, 1.7275 / memory) : OTHER_MS;
    const compute = memory * milliseconds / 1000 * (ready ? WORKING_READY : prices.gigabyteSecond) * 1_000_000 + prices.lambdaRequests;
    const store = reads * prices.readUnits + writes * prices.writeUnits;
    const front = behindOwnApi ? prices.restRequests + prices.firewallRequests : 0;
    const logs = kilobytesOf(behindOwnApi, ofType(resources, 'AWS::ApiGateway::Stage').some(([, { Properties }]) => Properties.AccessLogSetting)) * 1_000_000 / 1024 / 1024 * LOGS;
    return [name, `${dollars(store + compute + front + logs)} (tables ${store.toFixed(2)}, function ${compute.toFixed(2)}, front ${front.toFixed(2)}, logs ${logs.toFixed(2)})`];
  });
}

/** What stands before the functions, by front. */
export function costsOfFronts(): [string, string][] {
  const { restRequests: rest, httpRequests: http, distributionRequests, edgeFunctionRequests, firewallRequests: firewall } = prices;
  const distribution = distributionRequests + edgeFunctionRequests;
  const sum = (...parts: [string, number][]) => `${dollars(parts.reduce((total, [, amount]) => total + amount, 0))} (${parts.map(([name, amount]) => `${name} ${amount.toFixed(2)}`).join(', ')})`;
  return [
    ['`AuthApi.rest()`, `Firewall.managed()`', sum(['REST API', rest], ['web ACL', firewall])],
    ['`AuthApi.http()`, `Firewall.cloudFront()`', sum(['HTTP API', http], ['CloudFront with its function', distribution], ['web ACL', firewall])],
    ['`AuthApi.http()`, `Firewall.disabled()`', sum(['HTTP API', http])],
  ];
}

export const ASSUMPTIONS = `List prices of us-east-1, November 2026, from the price pages of the services (aws.amazon.com/{dynamodb,lambda,api-gateway,waf,cloudfront,cloudwatch,secrets-manager}/pricing), on demand, after the free tier. Taken for the table: ${HASHING_MS} ms for a hash on one whole processor, `
  + `${OTHER_MS} ms for everything else, ${kilobytesOf(true).toFixed(1)} KB of logs a request (audit ${LOG_KILOBYTES.audit}, access log ${LOG_KILOBYTES.access}, Lambda's own lines ${LOG_KILOBYTES.lambda}, firewall ${LOG_KILOBYTES.firewall}), ${kilobytesOf(false)} KB where another API asks the authorizer; measured units and durations are in \`docs/benchmarks.md\`. `
  + 'Not in it: stored data and its backups, traces, data transfer, and what warming a table costs once.';

export { dollars };

import { METRIC_NAMESPACE } from '../../../src/contract/metrics';
import { AuthFunctionName } from '../../../src';
import { AUDIT_EVENTS } from '../../../lambda/domain/audit-events';
import { importsOf } from '../../package/support/imports';
import { read } from '../../package/support/repository';
import type { Resource } from './synth';

/** A metric as an alarm, an objective or a graph names it. */
export interface NamedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

type Resources = Readonly<Record<string, Resource>>;
type Dimensions = Readonly<Record<string, unknown>>;

const OF_REST_APIS = ['4XXError', '5XXError', 'Count', 'Latency', 'IntegrationLatency', 'CacheHitCount', 'CacheMissCount'];
const OF_HTTP_APIS = ['4xx', '5xx', 'Count', 'Latency', 'IntegrationLatency', 'DataProcessed'];
const OF_FUNCTIONS = ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'];
const OF_THE_ACCOUNT = [...OF_FUNCTIONS, 'UnreservedConcurrentExecutions', 'ClaimedAccountConcurrency'];
const OF_TABLES = ['ReadThrottleEvents', 'WriteThrottleEvents', 'ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'];
const OF_WEB_ACLS = ['AllowedRequests', 'BlockedRequests', 'CountedRequests'];

/**
 * Whether anybody publishes the metric, as the developer guides of the services list names and dimensions, given what the template sets: undefined if so, else
 * what is wrong. A metric with one dimension too many or too few is another metric, and has no data.
 */
export function unpublished({ Namespace, MetricName, Dimensions: list = [] }: NamedMetric, resources: Resources): string | undefined {
  const dimensions = Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
  const publishes = PUBLISHERS[Namespace];
  const named = `${Namespace} ${MetricName} ${JSON.stringify(dimensions)}`;
  if (publishes === undefined) return `${named}: a namespace that nobody here publishes to`;
  return publishes(MetricName, dimensions, resources) ? undefined : named;
}

const PUBLISHERS: Readonly<Record<string, (metric: string, dimensions: Dimensions, resources: Resources) => boolean>> = {
  'AWS/ApiGateway': ofApi,
  'AWS/Lambda': ofLambda,
  'AWS/DynamoDB': ofTable,
  'AWS/WAFV2': ofWebAcl,
  'AWS/ApplicationSignals': ofObjective,
  [METRIC_NAMESPACE]: ofService,
};

const names = (dimensions: Dimensions) => Object.keys(dimensions).sort().join(' ');
const ofType = (resources: Resources, type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
const refOf = (value: unknown) => (value as { Ref?: string } | undefined)?.Ref;
const isA = (value: unknown, type: string, resources: Resources) => resources[refOf(value) ?? '']?.Type === type;

function ofApi(metric: string, { ApiName, ApiId, Stage, Method, Resource: path, ...others }: Dimensions, resources: Resources): boolean {
  const isRest = ApiId === undefined;
  const known = isRest
    ? OF_REST_APIS.includes(metric) && ofType(resources, 'AWS::ApiGateway::RestApi').some(([, { Properties }]) => Properties.Name === ApiName)
    : OF_HTTP_APIS.includes(metric) && isA(ApiId, 'AWS::ApiGatewayV2::Api', resources);
  const stages = ofType(resources, isRest ? 'AWS::ApiGateway::Stage' : 'AWS::ApiGatewayV2::Stage').filter(([, { Properties }]) => Properties.StageName === Stage);
  if (!known || Object.keys(others).length > 0 || (Stage !== undefined && stages.length !== 1)) return false;
  if (Method === undefined && path === undefined) return true;
  // Of a single route only where the stage says so.
  return stages.some(([, { Properties }]) => (isRest ? isDetailedMethod : isDetailedRoute)(Properties, String(Method), String(path)));
}

/** The settings of a method replace those of the stage as a whole. */
function isDetailedMethod({ MethodSettings = [] }: Resource['Properties'], method: string, path: string): boolean {
  const settings = (HttpMethod: string, ResourcePath: string) =>
    (MethodSettings as Resource['Properties'][]).find((each) => each.HttpMethod === HttpMethod && each.ResourcePath === ResourcePath);
  return (settings(method, `/${path.replaceAll('/', '~1')}`) ?? settings('*', '/*'))?.MetricsEnabled === true;
}

function isDetailedRoute({ RouteSettings = {}, DefaultRouteSettings = {} }: Resource['Properties'], method: string, path: string): boolean {
  return (RouteSettings[`${method} ${path}`] ?? DefaultRouteSettings).DetailedMetricsEnabled === true;
}

function ofLambda(metric: string, dimensions: Dimensions, resources: Resources): boolean {
  if (names(dimensions) === '') return OF_THE_ACCOUNT.includes(metric);
  const { FunctionName, Resource: qualified } = dimensions;
  if (!OF_FUNCTIONS.includes(metric) || !isA(FunctionName, 'AWS::Lambda::Function', resources)) return false;
  if (names(dimensions) === 'FunctionName') return true;
  const [fn, alias] = (qualified as { 'Fn::Join'?: [string, [unknown, string]] })['Fn::Join']?.[1] ?? [];
  const exists = ofType(resources, 'AWS::Lambda::Alias').some(([, { Properties }]) => refOf(Properties.FunctionName) === refOf(fn) && `:${Properties.Name}` === alias);
  return names(dimensions) === 'FunctionName Resource' && refOf(fn) === refOf(FunctionName) && exists;
}

function ofTable(metric: string, dimensions: Dimensions, resources: Resources): boolean {
  const { TableName, GlobalSecondaryIndexName: index } = dimensions;
  if (!isA(TableName, 'AWS::DynamoDB::GlobalTable', resources)) return false;
  const indexes = (resources[refOf(TableName)!]!.Properties.GlobalSecondaryIndexes ?? []) as { IndexName: string }[];
  switch (names(dimensions)) {
    case 'TableName': return OF_TABLES.includes(metric);
    case 'GlobalSecondaryIndexName TableName': return OF_TABLES.includes(metric) && indexes.some(({ IndexName }) => IndexName === index);
    case 'Operation TableName': return metric === 'SuccessfulRequestLatency';
    default: return false;
  }
}

/** Those of CloudFront are in us-east-1 and have no Region. */
function ofWebAcl(metric: string, dimensions: Dimensions, resources: Resources): boolean {
  const webAcl = ofType(resources, 'AWS::WAFv2::WebACL').map(([, { Properties }]) => Properties).find(({ VisibilityConfig }) => VisibilityConfig.MetricName === dimensions.WebACL);
  if (webAcl === undefined || !OF_WEB_ACLS.includes(metric)) return false;
  const rules = (webAcl.Rules as Resource['Properties'][]).filter(({ VisibilityConfig }) => VisibilityConfig.CloudWatchMetricsEnabled).map(({ VisibilityConfig }) => VisibilityConfig.MetricName);
  return names(dimensions) === (webAcl.Scope === 'REGIONAL' ? 'Region Rule WebACL' : 'Rule WebACL') && ['ALL', ...rules].includes(dimensions.Rule);
}

function ofObjective(metric: string, dimensions: Dimensions, resources: Resources): boolean {
  return metric === 'BurnRate' && names(dimensions) === 'BurnRateWindowMinutes SloName' && ofType(resources, 'AWS::ApplicationSignals::ServiceLevelObjective').some(([, { Properties }]) =>
    Properties.Name === dimensions.SloName && Properties.BurnRateConfigurations.some((each: Resource['Properties']) => String(each.LookBackWindowMinutes) === dimensions.BurnRateWindowMinutes));
}

/** By one of the service's own functions, as their code says. */
function ofService(metric: string, dimensions: Dimensions, resources: Resources): boolean {
  const ours = ofType(resources, 'AWS::Lambda::Function').filter(([, { Properties }]) => Properties.Environment?.Variables.AUTH_SERVICE_NAME === dimensions.Service);
  return names(dimensions) === 'Service' && ours.length === Object.values(AuthFunctionName).length && Object.values(AuthFunctionName).some((name) => metricsOf(name).has(metric));
}

const known = new Map<string, Set<string>>();

/** What a function's code records, by the events and metrics that the files behind its handler name. */
export function metricsOf(name: AuthFunctionName): Set<string> {
  const existing = known.get(name);
  if (existing) return existing;
  const files = reachableFrom(`lambda/handlers/${name}/index.ts`).filter((file) => file !== 'lambda/domain/audit-events.ts' && !file.startsWith('src/contract/'));
  const texts = files.map(read);
  const events = Object.entries(AUDIT_EVENTS).filter(([event]) => texts.some((text) => text.includes(`'${event}'`))).flatMap(([, { metrics }]) => metrics as readonly string[]);
  const gauges = texts.flatMap((text) => [...text.matchAll(/\b(?:Auth)?Metrics?\.([A-Z_]+)\b/g)].map(([, member]) => pascal(member!)));
  const found = new Set([...events, ...gauges]);
  known.set(name, found);
  return found;
}

const pascal = (member: string) => member.split('_').map((word) => `${word.charAt(0)}${word.slice(1).toLowerCase()}`).join('');

function reachableFrom(entry: string): string[] {
  const met = new Set([entry]);
  for (const file of met) {
    for (const { target } of importsOf(file)) if (target?.endsWith('.ts')) met.add(target);
  }
  return [...met];
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthServiceProps } from '../../src';
import { AuthAlarm, AuthApi, AuthFunctionName, AuthMetric, AuthPreset, Firewall, FunctionDeployment, LoginFailureLimit, SigningKeys } from '../../src';
import { SUBJECTS, writeTemplates } from './support/catalogue';
import { bare, behindCloudFront } from './support/fronts';
import type { NamedMetric } from './support/published-metrics';
import { metricsOf, unpublished } from './support/published-metrics';
import type { Resource } from './support/synth';
import { resource, resources, synthesize } from './support/synth';

const ALARM = 'AWS::CloudWatch::Alarm';
const OBJECTIVE = 'AWS::ApplicationSignals::ServiceLevelObjective';

type Resources = Readonly<Record<string, Resource>>;

/** Every metric that an alarm or an objective of a template reads. */
function read(all: Resources): [string, NamedMetric][] {
  const of = (type: string, inside: (properties: Resource['Properties']) => unknown) => Object.entries(all).filter(([, { Type }]) => Type === type)
    .flatMap(([id, { Properties }]) => metricsIn(inside(Properties)).map((metric): [string, NamedMetric] => [id, metric]));
  return [...of(ALARM, (properties) => properties), ...of(OBJECTIVE, ({ RequestBasedSli }) => RequestBasedSli)];
}

function metricsIn(value: unknown): NamedMetric[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Namespace, MetricName } = value as Partial<NamedMetric>;
  return [...Namespace && MetricName ? [value as NamedMetric] : [], ...Object.values(value).flatMap(metricsIn)];
}

const faults = (all: Resources) => read(all).flatMap(([id, metric]) => unpublished(metric, all)?.replace(/^/, `${id}: `) ?? []);

const canary: AuthServiceProps = { functions: { deployment: FunctionDeployment.canary() } };
const watched: AuthServiceProps = { monitoring: { perFunctionAlarms: true, serviceLevels: {}, loginFailures: LoginFailureLimit.share(25, 200) } };

const FRONTS: readonly (readonly [string, AuthServiceProps])[] = [
  ['a REST API', {}],
  ['a REST API without a firewall', { firewall: Firewall.disabled() }],
  ['an HTTP API', bare()],
  ['an HTTP API behind CloudFront', behindCloudFront()],
];
const OPTIONS: readonly (readonly [string, AuthServiceProps])[] = [
  ['the defaults', {}],
  ['everything that is watched, step by step', { ...canary, ...watched }],
  ['high scale', { preset: AuthPreset.highScale() }],
  ['alarms without a dashboard', { monitoring: { dashboard: false } }],
  ['service levels alone', { monitoring: { alarms: false, dashboard: false, serviceLevels: {} } }],
  ['keys in KMS', { signingKeys: SigningKeys.kms({ keyIds: ['2026-11'] }), ...canary }],
];
const COMBINED = FRONTS.flatMap(([front, ofFront]) => OPTIONS.map(([option, ofOption]) => [`${front}, ${option}`, { ...ofFront, ...ofOption }] as const));

describe('DP-02 an alarm reads only what somebody publishes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(COMBINED)('%s', (_name, props) => {
    const { template } = synthesize(props);
    expect(read(template.toJSON().Resources).length).toBeGreaterThan(0);
    expect(faults(template.toJSON().Resources)).toEqual([]);
  });

  test.each(SUBJECTS.map(({ name, build }) => [name, build] as const))('the whole catalogue: %s', (name, build) => {
    expect(writeTemplates(folder, name, build).flatMap(({ template }) => faults(template.Resources))).toEqual([]);
  });

  test.each([AuthApi.rest(), AuthApi.http()])('the rollback alarm of an authorizer goes off when a new version fails, and not when it refuses', (api) => {
    const { template } = synthesize({ api, firewall: Firewall.disabled(), ...canary });
    const metrics = metricsIn(resource(template, ALARM, 'AuthFunctionsAuthorizer').Properties).map(({ MetricName }) => MetricName).sort();
    expect(metrics).toEqual(api._kind === 'rest' ? ['5XXError'] : ['DependencyUnavailable', 'Errors', 'TokenRefused', 'UnexpectedError']);
  });
});

describe('the law itself finds', () => {
  const { template } = synthesize(bare());
  const all = template.toJSON().Resources as Resources;
  const [api] = Object.keys(resources(template, 'AWS::ApiGatewayV2::Api'));
  const of = (Namespace: string, MetricName: string, dimensions: Record<string, unknown> = {}): NamedMetric =>
    ({ Namespace, MetricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) });

  test.each<[string, NamedMetric]>([
    ['a metric of a REST API that is not there', of('AWS/ApiGateway', '5XXError', { ApiName: 'shop' })],
    ['a name of the other kind of API', of('AWS/ApiGateway', '5XXError', { ApiId: { Ref: api } })],
    ['another stage', of('AWS/ApiGateway', '5xx', { ApiId: { Ref: api }, Stage: 'prod' })],
    ['a route that is not published by itself', of('AWS/ApiGateway', 'Latency', { ApiId: { Ref: api }, Stage: 'v1', Method: 'GET', Resource: '/me' })],
    ['a function\'s metric of the account', of('AWS/Lambda', 'ClaimedAccountConcurrency', { FunctionName: { Ref: Object.keys(resources(template, 'AWS::Lambda::Function'))[0] } })],
    ['an index that is not there', of('AWS/DynamoDB', 'ReadThrottleEvents', { TableName: { Ref: 'AuthTablesUsersA60D3FC6' }, GlobalSecondaryIndexName: 'by-name' })],
    ['a firewall that is not there', of('AWS/WAFV2', 'BlockedRequests', { WebACL: 'shop-firewall', Region: 'eu-central-1', Rule: 'ALL' })],
    ['an objective that is not there', of('AWS/ApplicationSignals', 'BurnRate', { SloName: 'shop', BurnRateWindowMinutes: '60' })],
    ['a metric that no function records', of('CdkAuthService', 'LoginsForgotten', { Service: 'Stack-Auth' })],
  ])('%s', (_what, metric) => {
    expect(unpublished(metric, all)).toBeDefined();
  });

  test('which function records what', () => {
    expect(metricsOf(AuthFunctionName.AUTHORIZER)).toEqual(new Set([
      AuthMetric.TOKEN_REFUSED, AuthMetric.DEPENDENCY_UNAVAILABLE, AuthMetric.UNEXPECTED_ERROR, AuthMetric.MEMORY_USED,
    ]));
  });
});

describe('DP-02 routes are published one by one only where something reads them', () => {
  const detailed = (props: AuthServiceProps) => {
    const { template } = synthesize(props);
    const rest = Object.values(resources(template, 'AWS::ApiGateway::Stage')).flatMap(({ Properties }) => Properties.MethodSettings as Resource['Properties'][])
      .filter(({ MetricsEnabled }) => MetricsEnabled).map(({ HttpMethod, ResourcePath }) => `${HttpMethod} ${ResourcePath.slice(1).replaceAll('~1', '/')}`);
    const http = Object.values(resources(template, 'AWS::ApiGatewayV2::Stage')).flatMap(({ Properties: { DefaultRouteSettings, RouteSettings } }) =>
      Object.entries<Resource['Properties']>({ '*': DefaultRouteSettings, ...RouteSettings }).filter(([, settings]) => settings.DetailedMetricsEnabled).map(([route]) => route));
    return [...rest, ...http];
  };
  const quiet = [AuthAlarm.LOGIN_LATENCY_P95, AuthAlarm.LOGIN_LATENCY_P99].map((alarm) => ({ alarm, enabled: false }));

  test.each<[string, AuthServiceProps, string[]]>([
    ['the defaults', {}, ['POST /login']],
    ['an HTTP API', bare(), ['POST /login']],
    ['development', { preset: AuthPreset.development() }, []],
    ['development behind an HTTP API', { preset: AuthPreset.development(), ...bare() }, []],
    ['neither dashboard nor alarms on logins', { monitoring: { dashboard: false, alarmOverrides: quiet } }, []],
    ['one alarm on logins', { monitoring: { dashboard: false, alarmOverrides: quiet.slice(1) } }, ['POST /login']],
    ['an objective alone', { monitoring: { alarms: false, dashboard: false, serviceLevels: {} } }, ['POST /login']],
    ['a dashboard alone', { monitoring: { alarms: false } }, ['POST /login']],
  ])('%s', (_name, props, routes) => {
    expect(detailed(props)).toEqual(routes);
  });
});

import type { Template } from 'aws-cdk-lib/assertions';
import { AuthPreset } from '../../../src';
import { expectReviewed, inWords } from '../support/reviewed';
import type { Resource } from '../support/synth';
import { synthesize } from '../support/synth';

type Properties = Resource['Properties'];

/** What a reviewer asks of a resource of a type: paths of properties. Of other types it is enough that there is one. */
const MATTERS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Authorizer': ['Type', 'IdentitySource', 'AuthorizerResultTtlInSeconds'],
  'AWS::ApiGateway::GatewayResponse': ['ResponseType', 'StatusCode'],
  'AWS::ApiGateway::Method': ['HttpMethod', 'AuthorizationType'],
  'AWS::ApiGateway::Resource': ['PathPart'],
  'AWS::ApiGateway::RestApi': ['SecurityPolicy', 'EndpointAccessMode', 'EndpointConfiguration.Types'],
  'AWS::ApiGateway::Stage': ['StageName', 'TracingEnabled'],
  'AWS::ApplicationAutoScaling::ScalableTarget': ['MinCapacity', 'MaxCapacity'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['TargetTrackingScalingPolicyConfiguration.TargetValue'],
  'AWS::CloudWatch::Alarm': ['Threshold', 'ComparisonOperator', 'EvaluationPeriods', 'DatapointsToAlarm', 'TreatMissingData'],
  'AWS::CodeDeploy::DeploymentGroup': ['DeploymentConfigName', 'AutoRollbackConfiguration.Events'],
  'AWS::DynamoDB::GlobalTable': [
    'BillingMode', 'KeySchema', 'TimeToLiveSpecification.AttributeName', 'WarmThroughput', 'Replicas.0.DeletionProtectionEnabled',
    'Replicas.0.PointInTimeRecoverySpecification.RecoveryPeriodInDays',
  ],
  'AWS::Lambda::Alias': ['Name', 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions'],
  'AWS::Lambda::Function': ['Runtime', 'Architectures', 'MemorySize', 'Timeout', 'Environment.Variables.AUTH_LOG_LEVEL', 'TracingConfig.Mode'],
  'AWS::Lambda::Permission': ['Principal', 'FunctionName'],
  'AWS::Logs::LogGroup': ['RetentionInDays'],
  'AWS::SecretsManager::RotationSchedule': ['RotationRules.ScheduleExpression'],
  'AWS::WAFv2::WebACL': ['Scope', 'Rules'],
};

const at = (properties: Properties, path: string): unknown => path.split('.').reduce((value, name) => value?.[name], properties);

/** Rules by name, with the limit of those that count. */
function rulesInWords(rules: readonly Properties[]): string {
  return rules.map(({ Name, Statement: { RateBasedStatement: rate } }) => (rate ? `${Name} ${rate.Limit} in ${rate.EvaluationWindowSec} s` : Name)).join(', ');
}

/** Throttles of a stage, one a line below it. */
function throttles(settings: readonly Properties[] = []): string[] {
  return settings.map(({ HttpMethod, ResourcePath, ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }) =>
    `  ${HttpMethod} ${ResourcePath.slice(1).replaceAll('~1', '/')} ${rate} a second, ${burst} at once`);
}

/** One line a resource: its id, which is its identity and never changes, its type, and what matters. Hashes of what is deployed are masked. */
function described(template: Template): string[] {
  const all = Object.entries<Resource>(template.toJSON().Resources).sort(([a], [b]) => (a < b ? -1 : 1));
  return all.flatMap(([id, { Type, Properties = {}, DeletionPolicy }]) => {
    const masked = id.replace(/((?:Deployment|CurrentVersion)[0-9A-F]{8})[0-9a-f]{32}$/, '$1*');
    const values = (MATTERS[Type] ?? []).map((path) => [path, at(Properties, path)] as const).filter(([, value]) => value !== undefined)
      .map(([path, value]) => `${path.split('.').at(-1)} ${path === 'Rules' ? rulesInWords(value as Properties[]) : inWords(value)}`);
    const line = [`${masked} ${Type.replace(/^AWS::/, '')}`, ...DeletionPolicy === undefined ? [] : [DeletionPolicy], ...values].join('; ');
    return [line, ...Type === 'AWS::ApiGateway::Stage' ? throttles(Properties.MethodSettings) : []];
  });
}

/** What differs from the preset that sets nothing: `-` is not so, `+` is so instead. */
function difference(from: readonly string[], to: readonly string[]): string[] {
  const changed = [...from.filter((line) => !to.includes(line)).map((line) => `- ${line}`), ...to.filter((line) => !from.includes(line)).map((line) => `+ ${line}`)];
  const key = (line: string) => `${line.slice(2).split(/[; ]/).find(Boolean)} ${line.startsWith('-') ? 0 : 1}`;
  return changed.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe('what a preset makes has been reviewed: UPDATE_REVIEWED=1 writes the files anew', () => {
  const production = described(synthesize({ preset: AuthPreset.production() }).template);

  test('production is what there is without a preset', () => {
    expect(described(synthesize().template)).toEqual(production);
    expectReviewed('presets/production.txt', production);
  });

  test.each([['development', AuthPreset.development()], ['high-scale', AuthPreset.highScale()]])('%s, as it differs from production', (name, preset) => {
    expectReviewed(`presets/${name}.txt`, difference(production, described(synthesize({ preset }).template)));
  });
});

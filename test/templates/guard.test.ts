import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthPreset } from '../../src';
import type { Resource } from '../construct/support/synth';
import { synthesize } from '../construct/support/synth';
import { GUARD_FILES, guardRules, validate } from '../construct/support/validator';

/** Resources of a template that is about to break a rule. */
type Resources = Record<string, Resource>;

const all = (resources: Resources, type: string): Resource[] => Object.values(resources).filter(({ Type }) => Type === type);
const first = (resources: Resources, type: string): any => all(resources, type)[0]!;
const statement = (resources: Resources): any => first(resources, 'AWS::IAM::Policy').Properties.PolicyDocument.Statement[0];
const setting = (resources: Resources): any => first(resources, 'AWS::ApiGateway::Stage').Properties.MethodSettings.at(-1);
const remove = (resources: Resources, type: string): void => {
  for (const [id, { Type }] of Object.entries(resources)) if (Type === type) delete resources[id];
};
const policyOf = (principal: unknown) => ({ Statement: [{ Effect: 'Allow', Principal: principal, Action: 'secretsmanager:GetSecretValue', Resource: '*' }] });

/** What breaks each rule, in each of the ways that it is about. */
const BREAKS: Readonly<Record<string, readonly ((resources: Resources) => void)[]>> = {
  NO_BODY_IS_LOGGED: [(resources) => setting(resources).DataTraceEnabled = true, (resources) => setting(resources).LoggingLevel = 'INFO'],
  NO_CREDENTIAL_IS_LOGGED: ['$context.requestOverride.header.x', '$input.body', '$context.error.messageString', '$input.params().header.Cookie'].map((variable) => (resources) =>
    first(resources, 'AWS::ApiGateway::Stage').Properties.AccessLogSetting.Format = `{"x":"${variable}"}`),
  NO_ANSWER_IS_CACHED: [(resources) => setting(resources).CachingEnabled = true],
  AUTHORIZERS_ARE_ASKED_EVERY_TIME: [(resources) => first(resources, 'AWS::ApiGateway::Authorizer').Properties.AuthorizerResultTtlInSeconds = 300],
  NO_OLD_TLS: [
    (resources) => first(resources, 'AWS::ApiGateway::RestApi').Properties.SecurityPolicy = 'TLS_1_0',
    (resources) => first(resources, 'AWS::ApiGateway::RestApi').Properties.EndpointAccessMode = 'BASIC',
  ],
  EVERY_METHOD_IS_LISTED: [(resources) => first(resources, 'AWS::ApiGateway::Method').Properties.HttpMethod = 'ANY'],
  NO_WILDCARD_ACTION: [
    (resources) => statement(resources).Action = 'logs:*',
    (resources) => statement(resources).Action = ['logs:PutLogEvents', 'logs:Create*'],
    (resources) => Object.assign(statement(resources), { Action: undefined, NotAction: 'logs:PutLogEvents' }),
  ],
  WILDCARD_RESOURCES_ONLY_WHERE_THERE_ARE_NONE: [
    (resources) => statement(resources).Resource = '*',
    (resources) => statement(resources).Resource = [statement(resources).Resource, '*'],
  ],
  INLINE_STATEMENTS_ONLY_WRITE_LOGS: [(resources) => all(resources, 'AWS::IAM::Role').find(({ Properties }) => Properties.Policies)!
    .Properties.Policies[0].PolicyDocument.Statement[0].Action.push('dynamodb:GetItem')],
  NO_ROLE_IS_FOR_EVERYBODY: ['*', { AWS: '*' }, { AWS: ['111111111111', '*'] }].map((principal) => (resources) =>
    first(resources, 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument.Statement[0].Principal = principal),
  NO_FUNCTION_IS_FOR_EVERYBODY: [
    (resources) => first(resources, 'AWS::Lambda::Permission').Properties.Principal = '*',
    (resources) => Object.assign(first(resources, 'AWS::Lambda::Permission').Properties, { SourceArn: undefined, SourceAccount: undefined }),
    (resources) => first(resources, 'AWS::Lambda::Permission').Properties.Action = 'lambda:*',
  ],
  NO_FUNCTION_HAS_A_URL: [(resources) => resources.Url = { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: 'login' } }],
  NO_SECRET_IS_PUBLIC: ['*', { AWS: '*' }, { AWS: ['111111111111', '*'] }].map((principal) => (resources) =>
    resources.Policy = { Type: 'AWS::SecretsManager::ResourcePolicy', Properties: { SecretId: 'keys', ResourcePolicy: policyOf(principal) } }),
  NO_SECRET_IS_IN_THE_TEMPLATE: [(resources) => first(resources, 'AWS::SecretsManager::Secret').Properties.SecretString = 'key'],
  A_KEY_ENCRYPTS_EVERY_REPLICA: [
    (resources) => delete first(resources, 'AWS::DynamoDB::GlobalTable').Properties.Replicas[0].SSESpecification,
    (resources) => first(resources, 'AWS::DynamoDB::GlobalTable').Properties.SSESpecification.SSEEnabled = false,
  ],
  KEYS_ROTATE: [(resources) => delete first(resources, 'AWS::KMS::Key').Properties.EnableKeyRotation],
  LOGS_HAVE_AN_END: [(resources) => delete first(resources, 'AWS::Logs::LogGroup').Properties.RetentionInDays],
  THE_FIREWALL_LOGS_NO_CREDENTIAL: [
    (resources) => first(resources, 'AWS::WAFv2::LoggingConfiguration').Properties.RedactedFields.pop(),
    (resources) => delete first(resources, 'AWS::WAFv2::LoggingConfiguration').Properties.RedactedFields,
  ],
  NAMES_ARE_CLOUDFORMATIONS: [
    (resources) => first(resources, 'AWS::Lambda::Function').Properties.FunctionName = 'login',
    (resources) => first(resources, 'AWS::DynamoDB::GlobalTable').Properties.TableName = 'users',
    (resources) => first(resources, 'AWS::IAM::Role').Properties.RoleName = 'login',
    (resources) => first(resources, 'AWS::SecretsManager::Secret').Properties.Name = 'keys',
  ],
  TABLES_ARE_PROTECTED: [
    (resources) => first(resources, 'AWS::DynamoDB::GlobalTable').DeletionPolicy = 'Delete',
    (resources) => first(resources, 'AWS::DynamoDB::GlobalTable').UpdateReplacePolicy = 'Delete',
    (resources) => first(resources, 'AWS::DynamoDB::GlobalTable').Properties.Replicas[0].DeletionProtectionEnabled = false,
    (resources) => delete first(resources, 'AWS::DynamoDB::GlobalTable').Properties.Replicas[0].PointInTimeRecoverySpecification,
  ],
  KEYS_ARE_KEPT: [(resources) => delete first(resources, 'AWS::SecretsManager::Secret').DeletionPolicy],
  LOGS_ARE_KEPT: [(resources) => first(resources, 'AWS::Logs::LogGroup').DeletionPolicy = 'Delete'],
  REQUESTS_ARE_LOGGED_AND_TRACED: [
    (resources) => delete first(resources, 'AWS::ApiGateway::Stage').Properties.AccessLogSetting,
    (resources) => first(resources, 'AWS::ApiGateway::Stage').Properties.TracingEnabled = false,
  ],
  A_FIREWALL_IS_IN_FRONT: [(resources) => remove(resources, 'AWS::WAFv2::WebACLAssociation')],
  FUNCTIONS_ARE_TRACED_AND_LOG_TO_A_GROUP_OF_THEIR_OWN: [
    (resources) => first(resources, 'AWS::Lambda::Function').Properties.TracingConfig.Mode = 'PassThrough',
    (resources) => first(resources, 'AWS::Lambda::Function').Properties.LoggingConfig.LogFormat = 'Text',
    (resources) => delete first(resources, 'AWS::Lambda::Function').Properties.LoggingConfig.LogGroup,
  ],
  SOMEBODY_IS_TOLD: [(resources) => remove(resources, 'AWS::CloudWatch::Alarm')],
};

/** So that many templates are validated quickly. */
function twoOfEachType(resources: Resources): Resources {
  const ids = Object.keys(resources);
  return Object.fromEntries(Object.entries(resources).filter(([id, { Type }]) => ids.filter((other) => resources[other]!.Type === Type).indexOf(id) < 2));
}

const cases = Object.entries(BREAKS).flatMap(([rule, ways]) => ways.map((way, index) => ({ rule, way, name: `${rule} ${index + 1}` })));
let folder: string;
/** Rules of Guard that a template breaks, by its name. */
const broken = new Map<string, string[]>();

beforeAll(() => {
  const cache = join(__dirname, '..', '..', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'guard-'));
  const template = JSON.stringify(twoOfEachType(synthesize((stack) => ({
    preset: AuthPreset.production(), encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
  })).template.toJSON().Resources));
  const write = (name: string, resources: Resources) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ Resources: resources }));
    return { name, file };
  };
  const files = [
    write('unbroken', JSON.parse(template)),
    ...cases.map(({ name, way }) => {
      const resources: Resources = JSON.parse(template);
      way(resources);
      return write(name, resources);
    }),
  ];
  const violations = validate(files);
  for (const { name, file } of files) broken.set(name, [...new Set(violations.get(file)!.filter(({ source }) => source !== 'built in').map(({ rule }) => rule))]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the Guard rules', () => {
  test('there is a way to break each of them', () => {
    const rules = GUARD_FILES.flatMap((name) => [...guardRules(name).matchAll(/^rule (\w+)/gm)].map(([, rule]) => rule));
    expect(Object.keys(BREAKS).sort()).toEqual(rules.sort());
  });

  test('none of them finds anything in production', () => {
    expect(broken.get('unbroken')).toEqual([]);
  });

  test.each(cases)('IC-04 $name: that one is found, and no other', ({ rule, name }) => {
    expect(broken.get(name)).toEqual([rule]);
  });
});

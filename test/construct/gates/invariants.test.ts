import { RemovalPolicy } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { AuthServiceProps } from '../../../src';
import { answersHead, Routes } from '../../../src/contract/routes';
import { COMBINATIONS, combinations, reconciled } from '../support/combinations';
import { REFUSALS, refusalsOf } from '../support/conflicts';
import { cycleOf, referencesOf } from '../support/cycles';
import { ORIGINS } from '../support/dials';
import type { Statement, Synthesized } from '../support/synth';
import { construct, list, resources, synthesize } from '../support/synth';

const all = combinations(COMBINATIONS);
const seen: { readonly name: string; readonly props: AuthServiceProps; readonly synthesized: Synthesized }[] = [];

beforeAll(() => {
  for (const { name, props } of all.map(reconciled)) {
    let made: AuthServiceProps = {};
    try {
      const synthesized = synthesize((stack) => {
        made = props(stack);
        return made;
      });
      seen.push({ name, props: made, synthesized });
    } catch (error) {
      throw new Error(`with ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
});

/** Holds for every combination; a failure names the combination. */
function always(check: (template: Template, props: AuthServiceProps, synthesized: Synthesized) => void): void {
  expect(seen).toHaveLength(COMBINATIONS + 1);
  for (const { name, props, synthesized } of seen) {
    try {
      check(synthesized.template, props, synthesized);
    } catch (error) {
      throw new Error(`with ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}

describe('a combination', () => {
  const refused = all.map(({ name, props }) => {
    let expected: string[] = [];
    let message: string | undefined;
    try {
      construct((stack) => {
        const made = props(stack);
        expected = refusalsOf(made);
        return made;
      });
    } catch (error) {
      message = (error as Error).message;
    }
    return { name, expected, message };
  });

  test('that contradicts itself is refused with a message of our own, and no other one is', () => {
    for (const { name, expected, message } of refused) {
      const right = message === undefined ? expected.length === 0 : expected.some((start) => message.startsWith(start)) && /^\S[^\n]* must be [^\n]+, got [^\n]+$/.test(message);
      expect([right, name, message]).toEqual([true, name, message]);
    }
  });

  test('of every kind of contradiction was among them', () => {
    const met = new Set(refused.flatMap(({ expected }) => expected));
    expect(REFUSALS.filter((message) => !met.has(message))).toEqual([]);
  });

  test('has no cycle between resources', () => always((template) => {
    expect(cycleOf(referencesOf({ Stack: template.toJSON() }))).toBeUndefined();
  }));
});

const isHttp = ({ api }: AuthServiceProps) => api?._kind === 'http';
const isDistributed = (props: AuthServiceProps) => isHttp(props) && props.firewall?._kind !== 'disabled';
const properties = (template: Template, type: string) => Object.values(resources(template, type)).map((resource) => resource.Properties);

interface Owned extends Statement {
  /** `AuthFunctionsLoginRole` and the like, without its hash. */
  readonly role: string;
}

/** Every statement of every identity policy of the service. */
function statements(template: Template): Owned[] {
  const own = <T extends object>(entries: Record<string, T>) => Object.entries(entries).filter(([id]) => id.startsWith('Auth'));
  const attached = own(resources(template, 'AWS::IAM::Policy')).flatMap(([, { Properties }]) => (Properties.PolicyDocument.Statement as Statement[])
    .flatMap((statement) => (Properties.Roles as { Ref: string }[]).map(({ Ref }) => ({ ...statement, role: Ref.slice(0, -8) }))));
  const inline = own(resources(template, 'AWS::IAM::Role')).flatMap(([id, { Properties }]) => ((Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[])
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map((statement) => ({ ...statement, role: id.slice(0, -8) }))));
  return [...attached, ...inline];
}

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const isDynamo = (action: string) => action.startsWith('dynamodb:');
const aboutTable = (table: string, { Resource }: Statement) => JSON.stringify(Resource).includes(`AuthTables${table}`);

describe('whatever the props are', () => {
  test('IC-04 DB-05 no role has a wildcard action, a scan or a managed policy', () => always((template) => {
    const actions = statements(template).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => list(Action));
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => action.includes('*') || /Scan|PartiQL|BatchWrite|DeleteTable|UpdateTable/.test(action))).toEqual([]);
    expect(Object.entries(resources(template, 'AWS::IAM::Role')).filter(([id, { Properties }]) => id.startsWith('Auth') && Properties.ManagedPolicyArns)).toEqual([]);
  }));

  test('IC-04 DB-05 tables, secrets, keys and functions are named by every statement about them', () => always((template) => {
    const wide = statements(template).filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(({ Action }) => list(Action));
    expect([...new Set(wide.map((action) => action.split(':')[0]))].filter((service) => !['xray', 'ec2', 'logs', 'cloudwatch'].includes(service!))).toEqual([]);
  }));

  test('DB-05 only rotate-keys and admin may write published keys: all others are denied it, and the deny has no exception', () => always((template) => {
    const roles = new Set(statements(template).map(({ role }) => role).filter((role) => role.startsWith('AuthFunctions') && role !== 'AuthFunctionsDeploymentsRole'));
    expect(roles.size).toBe(10);
    for (const role of roles) {
      const denials = statements(template).filter((statement) => statement.role === role && statement.Effect === 'Deny');
      if (/RotateKeys|Admin/.test(role)) {
        expect([role, denials]).toEqual([role, []]);
        continue;
      }
      expect([role, denials.length]).toEqual([role, 1]);
      expect(denials[0]!.Condition).toEqual({ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['KEYS#*'] } });
      expect(list(denials[0]!.Action)).toEqual(expect.arrayContaining(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']));
      expect(aboutTable('Revocations', denials[0]!)).toBe(true);
    }
  }));

  test('PR-01 beside every ForAllValues stands a Null, or a request that names nothing would satisfy it', () => always((template) => {
    const confined = statements(template).filter(({ Condition = {} }) => Object.keys(Condition).some((operator) => operator.startsWith('ForAllValues:')));
    expect(confined.length).toBeGreaterThan(20);
    for (const { role, Condition = {} } of confined) {
      const keys = Object.entries(Condition).filter(([operator]) => operator.startsWith('ForAllValues:')).flatMap(([, operands]) => Object.keys(operands));
      expect([role, Condition.Null]).toEqual([role, Object.fromEntries(keys.map((key) => [key, 'false']))]);
    }
  }));

  test('PR-01 every statement about a table of several kinds of items says which', () => always((template) => {
    const ofItems = ({ Effect, Action }: Statement) => Effect === 'Allow' && list(Action).some((action) => /^dynamodb:\w+Item$/.test(action));
    const wide = statements(template).filter((statement) => ofItems(statement) && (aboutTable('Users', statement) || aboutTable('Revocations', statement))
      && statement.Condition?.['ForAllValues:StringLike'] === undefined);
    expect(wide).toEqual([]);
  }));

  test('KR-02 the authorizer and discovery read Revocations and no secret but that of CloudFront', () => always((template, props) => {
    for (const name of ['Authorizer', 'Discovery']) {
      const own = statements(template).filter(({ role, Effect }) => role === `AuthFunctions${name}Role` && Effect === 'Allow');
      const onSecrets = own.filter(({ Action }) => list(Action).some((action) => action.startsWith('secretsmanager:')));
      const expected = name === 'Discovery' && isDistributed(props) ? [['AuthOriginSecret', 'secretsmanager:GetSecretValue']] : [];
      expect(onSecrets.map(({ Resource, Action }) => [(Resource as { Ref: string }).Ref.slice(0, -8), Action])).toEqual(expected);
      const onTables = own.filter(({ Action }) => list(Action).some(isDynamo));
      expect(onTables.map(({ Action }) => list(Action))).toEqual([['dynamodb:GetItem']]);
      expect(onTables.every((statement) => aboutTable('Revocations', statement))).toBe(true);
    }
  }));

  test('KR-02 the signing keys are used only by what issues tokens, and read only by that and what looks after them', () => always((template, { signingKeys }) => {
    const kind = signingKeys?._kind ?? 'rotating';
    const holds = (action: string) => statements(template).filter(({ Action }) => list(Action).includes(action));
    const rolesOf = (found: Owned[]) => found.map(({ role }) => role.replace(/^AuthFunctions|Role$/g, '')).sort();
    const readers = holds('secretsmanager:GetSecretValue').filter(({ Resource }) => /AuthSigningKeys|secret:keys-AbCdEf/.test(JSON.stringify(Resource)));
    expect(rolesOf(readers)).toEqual(kind === 'kms' ? [] : ['Admin', 'Credentials', 'Login', 'Refresh', 'RotateKeys']);
    expect(rolesOf(holds('kms:Sign'))).toEqual(kind === 'kms' ? ['Credentials', 'Login', 'Refresh'] : []);
    expect(rolesOf(holds('kms:GetPublicKey'))).toEqual(kind === 'kms' ? ['RotateKeys'] : []);
    // AND nobody writes a secret that the team fills
    expect(holds('secretsmanager:PutSecretValue').filter(({ Resource }) => /secret:keys-AbCdEf/.test(JSON.stringify(Resource)))).toEqual([]);
  }));

  test('KR-07 no secret, key or hash stands in the template: environments hold names and numbers', () => always((template, props) => {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|"SecretString"|NoEcho/);
    // CloudFormation makes up and puts in one thing only: what CloudFront proves itself by.
    const [sent, made] = ['resolve:secretsmanager', '"GenerateSecretString"'].map((what) => text.split(what).length - 1);
    expect([sent, made]).toEqual(isDistributed(props) ? [1, 1] : [0, 0]);
    const header = JSON.stringify(properties(template, 'AWS::CloudFront::Distribution').map(({ DistributionConfig }) => DistributionConfig.Origins[0].OriginCustomHeaders));
    expect(header.includes('resolve:secretsmanager')).toBe(isDistributed(props));
    for (const { Environment } of properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment)) {
      expect(Object.keys(Environment.Variables).filter((name) => !name.startsWith('AUTH_'))).toEqual([]);
      const literals = Object.entries(Environment.Variables).filter(([, value]) => typeof value === 'string' && /^[A-Za-z0-9+/_=-]{40,}$/.test(value));
      expect(literals).toEqual([]);
    }
  }));

  test('LG-05 no body is logged: data trace and execution logs are off for every method', () => always((template, props) => {
    const stages = [...properties(template, 'AWS::ApiGateway::Stage'), ...properties(template, 'AWS::ApiGatewayV2::Stage')];
    expect(stages).toHaveLength(1);
    expect(JSON.stringify(stages[0].AccessLogSetting ?? stages[0].AccessLogSettings ?? '')).not.toMatch(/[Aa]uthorization|[Cc]ookie|requestOverride|input\.(body|json)/);
    if (isHttp(props)) {
      expect(JSON.stringify(stages[0])).not.toMatch(/DataTrace|LoggingLevel/);
      return;
    }
    const settings = stages[0].MethodSettings as { DataTraceEnabled?: boolean; LoggingLevel?: string; CachingEnabled?: boolean }[];
    expect(settings.length).toBeGreaterThan(5);
    for (const setting of settings) expect(setting).toMatchObject({ DataTraceEnabled: false, LoggingLevel: 'OFF', CachingEnabled: false });
  }));

  test('LG-05 the firewall redacts credentials from its log', () => always((template, { firewall }) => {
    const logging = properties(template, 'AWS::WAFv2::LoggingConfiguration');
    expect(logging).toHaveLength((firewall?._kind ?? 'managed') === 'managed' ? 1 : 0);
    for (const { RedactedFields } of logging) expect(RedactedFields).toEqual([{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }]);
  }));

  test('LG-04 every log group has a retention, every function one of its own, encrypted with the key if there is one', () => always((template, { encryptionKey }) => {
    const groups = properties(template, 'AWS::Logs::LogGroup');
    for (const { RetentionInDays, KmsKeyId } of groups) {
      expect(RetentionInDays).toBeGreaterThan(0);
      expect(KmsKeyId !== undefined).toBe(encryptionKey !== undefined);
    }
    const ofFunctions = properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment).map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(new Set(ofFunctions).size).toBe(10);
  }));

  test('LG-04 no function may delete logs or change their retention', () => always((template) => {
    const actions = statements(template).filter(({ role }) => role.startsWith('AuthFunctions')).flatMap(({ Action }) => list(Action)).filter((action) => action.startsWith('logs:'));
    expect(new Set(actions)).toEqual(new Set(['logs:CreateLogStream', 'logs:PutLogEvents']));
  }));

  test('DB-04 tables: encrypted, recoverable and protected unless a prop says otherwise by name', () => always((template, props) => {
    const tables = properties(template, 'AWS::DynamoDB::GlobalTable');
    expect(tables).toHaveLength(5);
    const forDevelopment = props.preset?._name === 'development';
    const gone = (props.removalPolicy ?? (forDevelopment ? RemovalPolicy.DESTROY : undefined)) === RemovalPolicy.DESTROY;
    const pointInTime = props.storage?.pointInTimeRecovery;
    const recoverable = pointInTime === undefined ? !forDevelopment : pointInTime._days !== undefined;
    for (const { Replicas, SSESpecification } of tables) {
      expect(Replicas).toHaveLength(1);
      expect(Replicas[0].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(recoverable);
      expect(Replicas[0].DeletionProtectionEnabled).toBe(!gone);
      if (props.encryptionKey) {
        expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
        expect(Replicas[0].SSESpecification.KMSMasterKeyId).toBeDefined();
      }
    }
  }));

  test('IC-04 a weaker service says so at synthesis, and no other does', () => always((_template, props, { auth }) => {
    const { api, abuse, firewall, functions, passwords, storage, tokens } = props;
    const weak = [
      props.preset?._name === 'development', props.removalPolicy === RemovalPolicy.DESTROY, firewall?._kind === 'disabled', functions?.tracing === Tracing.DISABLED,
      props.webApp !== undefined && tokens?.transport?._mode === 'body', api?._options.accessLogs?._destination === 'none',
      passwords?.hashing?._algorithm.startsWith('bcrypt'), (passwords?.minLength ?? 15) < 15, (abuse?.attemptsPerHour ?? 0) > 20, (abuse?.softLockAfter ?? 0) > 10,
      (abuse?.failedLoginsPerSource ?? 0) > 1000, (abuse?.registrationsPerHour ?? 0) > 1000, (tokens?.sessionLifetime?.toDays({ integral: false }) ?? 0) > 30,
      (tokens?.concurrentRefreshGrace?.toSeconds() ?? 0) > 10, (tokens?.lostAnswerWindow?.toSeconds() ?? 0) > 3600,
      tokens?.concurrentRefreshGrace?.toSeconds() === 0 && (tokens.lostAnswerWindow?.toSeconds() ?? 0) > 0, props.monitoring?.alarms === false,
      storage?.pointInTimeRecovery !== undefined && storage.pointInTimeRecovery._days === undefined,
      props.preset?._name === 'high-scale' && props.signingKeys?._kind === 'kms',
      (props.webApp?.origins.length ?? 0) > 1 && tokens?.transport?._mode !== 'body' && (!isHttp(props) || isDistributed(props)),
      isDistributed(props) && api?._options.customDomain === undefined, isDistributed(props) && props.network?._options.createEndpoints === true,
    ];
    // What a preset leaves without effect weakens nothing.
    const warnings = auth.node.metadata.filter(({ type, data }) => type === 'aws:cdk:warning' && !String(data).includes(' has no effect: '));
    expect(warnings).toHaveLength(weak.filter(Boolean).length);
  }));

  test('IC-03 TLS 1.2 at least, strictly, on the API, its host name and its distribution', () => always((template, props) => {
    const strict = { SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09', EndpointAccessMode: 'STRICT', EndpointConfiguration: { Types: ['REGIONAL'] } };
    const apis = properties(template, 'AWS::ApiGateway::RestApi');
    expect(apis).toHaveLength(isHttp(props) ? 0 : 1);
    for (const host of [...apis, ...properties(template, 'AWS::ApiGateway::DomainName')]) expect(host).toMatchObject(strict);
    for (const { DomainNameConfigurations } of properties(template, 'AWS::ApiGatewayV2::DomainName')) expect(DomainNameConfigurations[0].SecurityPolicy).toBe('TLS_1_2');
    for (const { DistributionConfig: { DefaultCacheBehavior, Origins, ViewerCertificate } } of properties(template, 'AWS::CloudFront::Distribution')) {
      expect([DefaultCacheBehavior.ViewerProtocolPolicy, Origins[0].CustomOriginConfig.OriginProtocolPolicy]).toEqual(['https-only', 'https-only']);
      expect(ViewerCertificate?.MinimumProtocolVersion).toBe(props.api?._options.customDomain && 'TLSv1.2_2025');
    }
  }));

  test('IC-03 a host name of one\'s own is the only way to the API, or to the distribution before it', () => always((template, props) => {
    const named = props.api?._options.customDomain !== undefined;
    const closed = [...properties(template, 'AWS::ApiGateway::RestApi'), ...properties(template, 'AWS::ApiGatewayV2::Api')].map(({ DisableExecuteApiEndpoint }) => DisableExecuteApiEndpoint ?? false);
    expect(closed).toEqual([named && !isDistributed(props)]);
    const names = ['AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName'].flatMap((type) => properties(template, type));
    const aliases = properties(template, 'AWS::CloudFront::Distribution').flatMap(({ DistributionConfig }) => DistributionConfig.Aliases ?? []);
    expect([...names.map(({ DomainName }) => DomainName), ...aliases]).toEqual(named ? ['auth.example.com'] : []);
    expect(properties(template, 'AWS::Route53::RecordSet')).toHaveLength(props.api?._options.customDomain?.hostedZone ? 2 : 0);
  }));

  test('AA-07 functions behind CloudFront ask for its secret, and no others know one', () => always((template, props) => {
    const asking = properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment?.Variables.AUTH_ORIGIN_SECRET);
    // What answers requests asks for it; rotate-keys and admin look after it.
    const handlers = new Set(Routes.map(({ handler }) => handler)).size;
    expect(asking).toHaveLength(isDistributed(props) ? handlers + 2 : 0);
    expect(properties(template, 'AWS::CloudFront::Distribution')).toHaveLength(isDistributed(props) ? 1 : 0);
  }));

  test('IN-06 only the listed methods, no proxy, no ANY, no key', () => always((template, props) => {
    const { webApp } = props;
    const served = [...Routes, ...Routes.filter(answersHead).map(({ path }) => ({ method: 'HEAD', path }))];
    if (isHttp(props)) {
      expect(properties(template, 'AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey).sort()).toEqual(served.map(({ method, path }) => `${method} ${path}`).sort());
      return;
    }
    const methods = properties(template, 'AWS::ApiGateway::Method');
    expect(methods.filter(({ HttpMethod }) => HttpMethod !== 'OPTIONS')).toHaveLength(served.length);
    expect([...new Set(methods.map(({ HttpMethod }) => HttpMethod))].sort()).toEqual([...new Set([...served.map(({ method }) => method), ...webApp ? ['OPTIONS'] : []])].sort());
    expect(methods.filter(({ ApiKeyRequired }) => ApiKeyRequired)).toEqual([]);
    expect(properties(template, 'AWS::ApiGateway::Resource').filter(({ PathPart }) => /\+\}|proxy/.test(PathPart))).toEqual([]);
  }));

  test('JT-11 bearer routes ask our authorizer every time, and no other route does; functions behind an HTTP API verify by themselves', () => always((template, props) => {
    const verifying = properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment?.Variables.AUTH_TOKEN_CHECK === 'function');
    expect(verifying).toHaveLength(isHttp(props) ? new Set(Routes.filter(({ access }) => access === 'bearer').map(({ handler }) => handler)).size : 0);
    if (isHttp(props)) {
      expect([properties(template, 'AWS::ApiGatewayV2::Authorizer'), properties(template, 'AWS::ApiGateway::Authorizer')]).toEqual([[], []]);
      return;
    }
    const authorizers = properties(template, 'AWS::ApiGateway::Authorizer');
    expect(authorizers).toHaveLength(1);
    expect(authorizers[0]).toMatchObject({ AuthorizerResultTtlInSeconds: 0, Type: 'REQUEST' });
    // For several origins a request without the header is let through to it, so that its answer can name the page's own.
    expect(authorizers[0].IdentitySource).toBe((props.webApp?.origins.length ?? 0) > 1 ? undefined : 'method.request.header.Authorization');
    const guarded = properties(template, 'AWS::ApiGateway::Method').filter(({ AuthorizationType }) => AuthorizationType === 'CUSTOM');
    expect(guarded).toHaveLength(Routes.filter(({ access }) => access === 'bearer').length);
  }));

  test('WB-04 no origin but those of the list, and never a wildcard', () => always((template, { webApp }) => {
    const preflights = properties(template, 'AWS::ApiGateway::Method').filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');
    const allowed = properties(template, 'AWS::ApiGatewayV2::Api').flatMap(({ CorsConfiguration }) => CorsConfiguration?.AllowOrigins ?? []);
    const text = JSON.stringify([...preflights, ...allowed]);
    expect(text).not.toMatch(/allow-origin[^,}]*\*/);
    for (const origin of allowed) expect(ORIGINS).toContain(origin);
    for (const [origin] of text.matchAll(/https?:\/\/[A-Za-z0-9.:-]+/g)) expect(ORIGINS).toContain(origin);
    expect(text.includes('https://app.example.com')).toBe(webApp !== undefined);
  }));

  test('the service may be invoked by nobody but API Gateway and Secrets Manager, each for this account', () => always((template) => {
    for (const { Principal, SourceAccount, SourceArn } of properties(template, 'AWS::Lambda::Permission')) {
      expect(['apigateway.amazonaws.com', 'secretsmanager.amazonaws.com']).toContain(Principal);
      expect(SourceArn).toBeDefined();
      if (Principal === 'secretsmanager.amazonaws.com') expect(SourceAccount).toEqual({ Ref: 'AWS::AccountId' });
    }
  }));

  test('budgets: resources, template, policies of roles and of functions, environments', () => always((template) => {
    expect(Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('Auth')).length).toBeLessThanOrEqual(420);
    expect(bytes(template.toJSON())).toBeLessThanOrEqual(500 * 1024);
    for (const [id, { Properties }] of Object.entries(resources(template, 'AWS::IAM::Policy'))) expect([id, bytes(Properties.PolicyDocument) <= 8 * 1024]).toEqual([id, true]);
    const permissions = new Map<string, number>();
    for (const { FunctionName, ...rest } of properties(template, 'AWS::Lambda::Permission')) {
      const fn = JSON.stringify(FunctionName);
      permissions.set(fn, (permissions.get(fn) ?? 0) + bytes(rest) + 150);
    }
    for (const size of permissions.values()) expect(size).toBeLessThanOrEqual(4 * 1024);
    for (const { Environment } of properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment)) {
      expect(bytes(Environment.Variables)).toBeLessThanOrEqual(3 * 1024);
    }
  }));
});

import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { AuthServiceProps } from '../../src';
import {
  AccessLogs, AuthApi, AuthFunctionName, AuthLogLevel, AuthNetwork, AuthPreset, Firewall, PasswordHashing, PointInTimeRecovery, ProfileAttribute,
  Registration, SigningKeys, TokenTransport,
} from '../../src';
import { Env } from '../../src/contract/environment';
import { WEAKNESSES } from '../../src/policy/weaknesses';
import { behindCloudFront, domainIn } from './support/fronts';
import { construct, defaults, resource, resources, synthesize } from './support/synth';

/** The environment of a function, without synthesizing the rest. */
function variables(props: AuthServiceProps, name: AuthFunctionName): Record<string, string> {
  const { stack, auth } = construct(props);
  return stack.resolve((auth.function(name).node.defaultChild as CfnFunction).environment).variables;
}

describe('props reach the functions', () => {
  test('defaults', () => {
    const { template } = defaults();
    const of = (id: string) => resource(template, 'AWS::Lambda::Function', `AuthFunctions${id}`).Properties.Environment.Variables;
    expect(of('Login')).toMatchObject({
      [Env.ACCESS_TOKEN_TTL]: '900', [Env.SESSION_TTL]: '2592000', [Env.SESSION_IDLE_TTL]: '1209600', [Env.REFRESH_GRACE]: '10', [Env.LOST_ANSWER_WINDOW]: '3600', [Env.MAX_SESSIONS_PER_USER]: '50', [Env.TOKEN_TRANSPORT]: 'body',
      [Env.ORIGINS]: '', [Env.DEFAULT_SCOPES]: '', [Env.ATTEMPTS_PER_HOUR]: '10', [Env.SOFT_LOCK_AFTER]: '5', [Env.FAILED_LOGINS_PER_SOURCE]: '100', [Env.PASSWORD_HASHING]: 'argon2id',
      [Env.AUDIENCE]: defaults().auth.serviceName,
    });
    expect(of('Register')).toMatchObject({
      [Env.REGISTRATION]: 'open', [Env.REGISTRATIONS_PER_HOUR]: '100', [Env.PASSWORD_MIN_LENGTH]: '15', [Env.PASSWORD_CLASSES]: '0', [Env.PROFILE_ATTRIBUTES]: '[]',
    });
  });

  test.each<[keyof typeof Env, string, AuthServiceProps, AuthFunctionName]>([
    ['REGISTRATION', 'invite', { registration: Registration.inviteOnly() }, AuthFunctionName.REGISTER],
    ['REGISTRATION', 'closed', { registration: Registration.closed() }, AuthFunctionName.REGISTER],
    ['TOKEN_TRANSPORT', 'cookie', { webApp: { origins: ['https://app.example.com'] } }, AuthFunctionName.LOGIN],
    ['TOKEN_TRANSPORT', 'both', { webApp: { origins: ['https://app.example.com'] }, tokens: { transport: TokenTransport.both() } }, AuthFunctionName.LOGIN],
    ['ORIGINS', 'https://app.example.com http://localhost:5173', { webApp: { origins: ['https://app.example.com', 'http://localhost:5173'] } }, AuthFunctionName.LOGIN],
    ['DEFAULT_SCOPES', 'orders:read orders:write', { tokens: { defaultScopes: ['orders:read', 'orders:write'] } }, AuthFunctionName.REFRESH],
    ['AUDIENCE', 'https://api.example.com', { tokens: { audience: 'https://api.example.com' } }, AuthFunctionName.AUTHORIZER],
    ...[AuthFunctionName.AUTHORIZER, AuthFunctionName.LOGOUT].map((name): [keyof typeof Env, string, AuthServiceProps, AuthFunctionName] =>
      ['ACCEPTED_AUDIENCES', 'shop https://old.example.com', { tokens: { acceptedAudiences: ['shop', 'https://old.example.com'] } }, name]),
    ['SESSION_IDLE_TTL', '43200', { tokens: { sessionLifetime: Duration.hours(12) } }, AuthFunctionName.LOGIN],
    ['PASSWORD_HASHING', 'bcrypt:11', { passwords: { hashing: PasswordHashing.bcrypt({ cost: 11 }) } }, AuthFunctionName.LOGIN],
    ['PASSWORD_HASHING', 'scrypt', { passwords: { hashing: PasswordHashing.scrypt() } }, AuthFunctionName.CREDENTIALS],
    ['ATTEMPTS_PER_HOUR', '7', { abuse: { attemptsPerHour: 7 } }, AuthFunctionName.CREDENTIALS],
    ['FAILED_LOGINS_PER_SOURCE', '40', { abuse: { failedLoginsPerSource: 40 } }, AuthFunctionName.LOGIN],
    ['MAX_SESSIONS_PER_USER', '10', { tokens: { maxSessionsPerUser: 10 } }, AuthFunctionName.LOGIN],
    ['REGISTRATIONS_PER_HOUR', '200', { abuse: { registrationsPerHour: 200 } }, AuthFunctionName.REGISTER],
  ])('%s is %s', (name, value, props, id) => {
    expect(variables(props, id)[Env[name]]).toBe(value);
  });

  test('profile attributes are declared as JSON', () => {
    const profile = [ProfileAttribute.string('locale', { allowed: ['de', 'en-GB'], required: true }), ProfileAttribute.number('seats', { min: 0 }), ProfileAttribute.flag('newsletter')];
    for (const name of [AuthFunctionName.REGISTER, AuthFunctionName.PROFILE]) {
      expect(JSON.parse(variables({ profile }, name)[Env.PROFILE_ATTRIBUTES]!)).toEqual([
        { name: 'locale', type: 'string', maxLength: 5, allowed: ['de', 'en-GB'], required: true }, { name: 'seats', type: 'number', min: 0 }, { name: 'newsletter', type: 'boolean' },
      ]);
    }
  });

  test('numbers and durations that only CloudFormation knows pass', () => {
    const token = Lazy.number({ produce: () => 600 });
    const lifetime = Duration.seconds(token);
    expect(variables({ tokens: { sessionLifetime: lifetime } }, AuthFunctionName.LOGIN)[Env.SESSION_IDLE_TTL]).toBe('600');
    expect(variables({ tokens: { accessTokenLifetime: lifetime, idleTimeout: Duration.hours(1) } }, AuthFunctionName.LOGIN)[Env.SESSION_IDLE_TTL]).toBe('3600');
    expect(variables({ tokens: { accessTokenLifetime: Duration.seconds(token) }, abuse: { attemptsPerHour: token } }, AuthFunctionName.LOGIN)).toMatchObject({
      [Env.ACCESS_TOKEN_TTL]: '600', [Env.ATTEMPTS_PER_HOUR]: '600',
    });
  });

  test('members that another language sets to undefined count as left out', () => {
    expect(variables({ tokens: { audience: undefined }, passwords: { minLength: undefined } }, AuthFunctionName.CREDENTIALS)).toMatchObject({ [Env.PASSWORD_MIN_LENGTH]: '15' });
  });
});

describe('presets', () => {
  const { template } = synthesize({ preset: AuthPreset.development(), functions: { logRetention: RetentionDays.ONE_DAY } });

  test('lie under explicit props, member by member', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 1 });
    expect(resource(template, 'AWS::Lambda::Function', 'AuthFunctionsLogin').Properties.Environment.Variables[Env.LOG_LEVEL]).toBe(AuthLogLevel.DEBUG);
  });

  test('production is the default', () => {
    expect(resources(synthesize({ preset: AuthPreset.production() }).template, 'AWS::DynamoDB::GlobalTable')).toEqual(resources(defaults().template, 'AWS::DynamoDB::GlobalTable'));
  });
});

describe('IC-04: what weakens the service says so at synthesis', () => {
  test('the defaults have nothing to say', () => {
    Annotations.fromStack(defaults().stack).hasNoWarning('*', Match.anyValue());
  });

  const CHOICES: [string, Parameters<typeof construct>[0]][] = [
    ['developmentPreset', { preset: AuthPreset.development() }],
    ['dataLoss', { removalPolicy: RemovalPolicy.DESTROY }],
    ['noBackups', { storage: { pointInTimeRecovery: PointInTimeRecovery.disabled() } }],
    ['noAccessLogs', { api: AuthApi.rest({ accessLogs: AccessLogs.none() }) }],
    ['appsWithoutCookies', { webApp: { origins: ['capacitor://localhost'] } }],
    ['unreadableRefusals', { webApp: { origins: ['https://app.example.com', 'https://admin.example.com'] } }],
    ['tokensInBody', { webApp: { origins: ['https://app.example.com'] }, tokens: { transport: TokenTransport.body() } }],
    ['shortPasswords', { passwords: { minLength: 8 } }],
    ['weakerHashing', { passwords: { hashing: PasswordHashing.bcrypt() } }],
    ['moreAttempts', { abuse: { attemptsPerHour: 50 } }],
    ['laterSoftLock', { abuse: { softLockAfter: 15 } }],
    ['manyFailedLogins', { abuse: { failedLoginsPerSource: 2000 } }],
    ['manyRegistrations', { abuse: { registrationsPerHour: 5000 } }],
    ['longSessions', { tokens: { sessionLifetime: Duration.days(90) } }],
    ['longLostAnswerWindow', { tokens: { lostAnswerWindow: Duration.hours(24) } }],
    ['windowWithoutGrace', { tokens: { concurrentRefreshGrace: Duration.seconds(0), lostAnswerWindow: Duration.hours(1) } }],
    ['longGrace', { tokens: { concurrentRefreshGrace: Duration.minutes(1) } }],
    ['noFirewall', { firewall: Firewall.disabled() }],
    ['cloudFrontCertificate', behindCloudFront()],
    ['noWayToCloudFront', (stack) => ({
      ...behindCloudFront({ customDomain: domainIn(stack, 'us-east-1') }), network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { createEndpoints: true }),
    })],
    ['noAlarms', { monitoring: { alarms: false } }],
    ['signQuota', { preset: AuthPreset.highScale(), signingKeys: SigningKeys.kms({ keyIds: ['a'] }) }],
    ['noTracing', { functions: { tracing: Tracing.DISABLED } }],
  ];

  test('each weakness has a choice that shows it', () => {
    expect(CHOICES.map(([id]) => id).sort()).toEqual(WEAKNESSES.map(({ id }) => id).sort());
  });

  test.each(CHOICES)('%s', (id, props) => {
    const warnings = construct(props).auth.node.metadata.filter(({ type }) => type === 'aws:cdk:warning');
    expect(warnings.map(({ data }) => String(data))).toEqual([expect.stringContaining(`[ack: cdk-auth-service:${id}]`)]);
  });
});

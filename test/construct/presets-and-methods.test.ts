import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AuthServiceProps } from '../../src';
import {
  AuthAlarm, AuthFunctionName, AuthMetric, AuthPreset, AuthService, AuthTable, FunctionDeployment, LoginFailureLimit, MuteWindow, ProvisionedConcurrency,
} from '../../src';
import { sizesOf } from '../../src/functions/sizes';
import { resolveSettings } from '../../src/policy/settings';
import { refusalsOf } from './support/conflicts';
import { DIALS } from './support/dials';
import { construct, resource, resources, synthesize } from './support/synth';

const action: IAlarmAction = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-central-1:111111111111:pager' }) };
const PRESETS: readonly (readonly [string, AuthPreset])[] = [
  ['production', AuthPreset.production()], ['development', AuthPreset.development()], ['highScale', AuthPreset.highScale()],
];

/** A valid call of every public method. */
const CALLS: Readonly<Record<string, (auth: AuthService, stack: Stack) => unknown>> = {
  addAlarmAction: (auth) => auth.addAlarmAction(action),
  addPagingAction: (auth) => auth.addPagingAction(action),
  alias: (auth) => auth.alias(AuthFunctionName.LOGIN),
  allowAuthorizersFrom: (auth) => auth.allowAuthorizersFrom('222222222222'),
  declareRequiredScopes: (auth) => auth.declareRequiredScopes(['orders:read']),
  function: (auth) => auth.function(AuthFunctionName.LOGIN),
  grantAdminister: (auth) => auth.grantAdminister(new AccountPrincipal('222222222222')),
  grantReadUsers: (auth) => auth.grantReadUsers(new AccountPrincipal('222222222222')),
  httpAuthorizer: (auth, stack) => auth.httpAuthorizer(stack, 'Http', { requiredScopes: ['orders:read'] }),
  metric: (auth) => auth.metric(AuthMetric.LOGIN_FAILED),
  publishTo: (auth) => auth.publishTo('/auth'),
  restAuthorizer: (auth, stack) => auth.restAuthorizer(stack, 'Rest', { requiredScopes: ['orders:read'] }),
  table: (auth) => auth.table(AuthTable.USERS),
};
const VALUES = Object.entries(DIALS).filter(([dial]) => dial !== 'preset').flatMap(([dial, variants]) => Object.keys(variants).map((variant) => [dial, variant]));
const methods = Object.getOwnPropertyNames(AuthService.prototype).filter((name) => name !== 'constructor' && name !== 'home' && !/^metric[A-Z]/.test(name));
const metrics = Object.getOwnPropertyNames(AuthService.prototype).filter((name) => /^metric[A-Z]/.test(name));

describe.each(PRESETS)('PR-02 %s never makes valid code throw', (_name, preset) => {
  test('every public method has a call here', () => {
    expect(methods.sort()).toEqual(Object.keys(CALLS).sort());
    expect(metrics.length).toBeGreaterThan(5);
  });

  test.each(Object.entries(CALLS))('%s', (_method, call) => {
    const { auth, stack } = construct({ preset });
    expect(() => call(auth, stack)).not.toThrow();
  });

  test.each(metrics)('%s', (method) => {
    const { auth } = construct({ preset });
    expect(() => (auth as unknown as Record<string, () => unknown>)[method]!()).not.toThrow();
  });

  // What is good by itself is good under every preset.
  test.each(VALUES)('%s: %s', (dial, variant) => {
    const propsOf = (stack: Stack): AuthServiceProps & { front?: unknown; kind?: unknown } => DIALS[dial!]![variant!]!(stack);
    const { front, kind, ...props } = propsOf(new Stack(new App(), 'Stack'));
    if (front !== undefined || kind !== undefined || refusalsOf(props).length > 0) return;
    const stack = new Stack(new App(), 'Stack');
    expect(() => sizesOf(resolveSettings(new Construct(stack, 'Auth'), { ...propsOf(stack), preset }))).not.toThrow();
  });
});

describe('PR-02 what has no effect is warned of', () => {
  const warned = (stack: Stack, text: string) => Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp(text));
  const development = { preset: AuthPreset.development() };

  test('actions where there are no alarms', () => {
    const { auth, stack } = construct(development);
    auth.addAlarmAction(action);
    auth.addPagingAction(action);
    warned(stack, 'addAlarmAction has no effect: this service has no alarms');
    warned(stack, 'addPagingAction has no effect: this service has no alarms');
  });

  test('a pager where no alarm pages', () => {
    const quiet = Object.values(AuthAlarm).filter((alarm) => !alarm.endsWith('burn-rate')).map((alarm) => ({ alarm, pages: false }));
    const { auth, stack } = construct({ monitoring: { alarmOverrides: quiet } });
    auth.addPagingAction(action);
    warned(stack, 'addPagingAction has no effect: monitoring.alarmOverrides leaves no alarm that wakes somebody up');
  });

  test.each<[string, NonNullable<AuthServiceProps['monitoring']>]>([
    ['alarmOverrides', { alarmOverrides: [{ alarm: AuthAlarm.LOCKOUT_SURGE, threshold: 5 }] }],
    ['perFunctionAlarms', { perFunctionAlarms: true }],
    ['loginFailures', { loginFailures: LoginFailureLimit.perMinute(5) }],
    ['muteWindows', { muteWindows: [MuteWindow.recurring('0 2 * * SUN', Duration.hours(1))] }],
  ])('monitoring.%s where the preset has no alarms', (option, monitoring) => {
    const { stack } = construct({ ...development, monitoring });
    warned(stack, `monitoring.${option} has no effect: this service has no alarms`);
    // AND it is still a contradiction where both were said
    expect(() => construct({ monitoring: { ...monitoring, alarms: false } })).toThrow(`monitoring.${option} must be left out while monitoring.alarms is false`);
  });

  test('nothing is said where everything has its effect', () => {
    const { auth, stack } = construct({ monitoring: { perFunctionAlarms: true } });
    auth.addAlarmAction(action);
    auth.addPagingAction(action);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('no effect'));
  });
});

describe('PR-02 what a preset provides gives way', () => {
  const preset = AuthPreset.highScale();
  const login = (options: object) => synthesize({ preset, functions: { overrides: [{ name: AuthFunctionName.LOGIN, ...options }] } });
  const scaled = ({ template }: ReturnType<typeof synthesize>) => Object.entries(resources(template, 'AWS::ApplicationAutoScaling::ScalableTarget'))
    .filter(([id]) => id.includes('Login')).map(([, { Properties: { MinCapacity, MaxCapacity } }]) => [MinCapacity, MaxCapacity]);

  test('to a canary', () => {
    const made = login({ deployment: FunctionDeployment.canary() });
    expect(scaled(made)).toEqual([]);
    expect(resource(made.template, 'AWS::CodeDeploy::DeploymentGroup', 'AuthFunctionsLogin')).toBeDefined();
    Annotations.fromStack(made.stack).hasWarning('*', Match.stringLikeRegexp('provisionedConcurrency of login has no effect: what the preset provides gives way'));
  });

  test('to what is reserved', () => {
    expect(scaled(login({ reservedConcurrency: 100 }))).toEqual([[10, 100]]);
    expect(scaled(login({ reservedConcurrency: 5 }))).toEqual([[5, 5]]);
    expect(scaled(login({ reservedConcurrency: 500 }))).toEqual([[10, 200]]);
  });

  test('an explicit contradiction stays one', () => {
    expect(() => login({ deployment: FunctionDeployment.canary(), provisionedConcurrency: ProvisionedConcurrency.fixed(2) })).toThrow(/deployment of login/);
    expect(() => login({ reservedConcurrency: 1, provisionedConcurrency: ProvisionedConcurrency.fixed(2) })).toThrow(/provisionedConcurrency of login/);
  });
});

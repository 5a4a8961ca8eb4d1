import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { AuthServiceProps, MonitoringOptions } from '../../src';
import { AccessLogs, AuthAlarm, AuthApi, AuthFunctionName, AuthMetric, AuthPreset, AuthService, Firewall, LoginFailureLimit, MuteWindow, SigningKeys } from '../../src';
import { referencesOf } from './support/cycles';
import { construct, defaults, resource, resources, synthesize } from './support/synth';

const NEEDS_LEVELS = [AuthAlarm.AVAILABILITY_BURN_RATE, AuthAlarm.LATENCY_BURN_RATE];
const nameOf = (alarm: string) => `shop-${alarm}`;

/** Alarms by kind, of a service named shop. */
function alarmsOf(template: Template): Record<string, any> {
  const all = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  return Object.fromEntries(all.map((alarm) => [String(alarm.AlarmName).replace(/^shop-/, ''), alarm]));
}

const shop = (monitoring: MonitoringOptions, props: AuthServiceProps = {}) => synthesize({ serviceName: 'shop', ...props, monitoring });

const standard = alarmsOf(shop({}).template);

/** Metrics that an alarm reads, expressions aside; a label makes a list of one. */
function metricsOf(alarm: any): any[] {
  if (!alarm.Metrics) {
    const { Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic, Period } = alarm;
    return [{ Namespace, MetricName, Dimensions, Stat: Statistic ?? ExtendedStatistic, Period }];
  }
  return alarm.Metrics.filter((entry: any) => entry.MetricStat).map(({ MetricStat: { Metric, ...how } }: any) => ({ ...Metric, ...how }));
}

describe('alarms', () => {
  test('there is one of each kind, those of the service levels only with service levels', () => {
    expect(Object.keys(standard).sort()).toEqual(Object.values(AuthAlarm).filter((kind) => !NEEDS_LEVELS.includes(kind)).sort());
    expect(Object.keys(alarmsOf(shop({ serviceLevels: {} }).template)).sort()).toEqual(Object.values(AuthAlarm).sort());
  });

  test('each says what has happened, what to do about missing data and when it goes off', () => {
    for (const [kind, alarm] of Object.entries(standard)) {
      expect(alarm.AlarmDescription).toMatch(/^[A-Z][^.]{20,}\(shop\)\. https:\/\/\S+$/);
      expect([kind, alarm.TreatMissingData]).toEqual([kind, kind === AuthAlarm.KEY_ROTATION_OVERDUE ? 'ignore' : 'notBreaching']);
      expect(alarm.DatapointsToAlarm).toBeGreaterThanOrEqual(1);
      expect(alarm.DatapointsToAlarm).toBeLessThanOrEqual(alarm.EvaluationPeriods);
    }
  });

  test('CloudWatch evaluates no alarm of more than ten metrics, nor further back than a day', () => {
    for (const alarm of Object.values(standard)) {
      expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
      const period = Math.max(...(alarm.Metrics ?? [alarm]).map((entry: any) => entry.Period ?? entry.MetricStat?.Period ?? 0));
      expect(period * alarm.EvaluationPeriods).toBeLessThanOrEqual(86_400);
    }
  });

  test('a percentile of few samples changes no alarm', () => {
    const percentiles = Object.entries(standard).filter(([, alarm]) => metricsOf(alarm).some(({ Stat }) => /^p\d/.test(Stat)));
    expect(percentiles.map(([kind]) => kind).sort()).toEqual([AuthAlarm.LOGIN_LATENCY_P95, AuthAlarm.LOGIN_LATENCY_P99]);
    for (const [, alarm] of percentiles) expect(alarm).toMatchObject({ EvaluateLowSampleCountPercentile: 'ignore', ExtendedStatistic: expect.stringMatching(/^p9/) });
  });

  test.each([
    ['all of two requests', 2, 2, 100], ['two requests beside a health check each minute', 2, 17, 200 / 17], ['one request', 1, 1, 0], ['a few of many', 9, 1000, 0.9],
  ])('of %s the alarm for quiet hours reads what it has to', (_what, errors, requests, expected) => {
    const { Metrics: [{ Expression }, ...read], Threshold, EvaluationPeriods } = standard[AuthAlarm.QUIET_API_ERROR_RATE];
    const [, floor] = /^IF\(errors >= (\d+), 100 \* errors \/ requests, 0\)$/.exec(Expression)!;
    expect(errors >= Number(floor) ? 100 * errors / requests : 0).toBeCloseTo(expected);
    expect(expected > Threshold).toBe(expected >= 10);
    expect([EvaluationPeriods, ...read.map(({ MetricStat }: any) => MetricStat.Period)]).toEqual([1, 900, 900]);
  });

  test('none refers to the API, its stage or an alias: an alarm may guard a deployment of them', () => {
    const { template } = defaults();
    const graph = referencesOf({ Stack: template.toJSON() });
    for (const id of Object.keys(resources(template, 'AWS::CloudWatch::Alarm'))) {
      for (const target of graph.get(`Stack/${id}`)!) {
        expect(['AWS::Lambda::Function', 'AWS::DynamoDB::GlobalTable']).toContain(template.toJSON().Resources[target.slice(6)].Type);
      }
    }
  });

  test('a metric of a function is read under the names that the functions write', () => {
    expect(metricsOf(standard[AuthAlarm.REFRESH_REUSE])).toEqual([
      { Namespace: 'CdkAuthService', MetricName: AuthMetric.REFRESH_REUSE, Dimensions: [{ Name: 'Service', Value: 'shop' }], Stat: 'Sum', Period: 300 },
    ]);
    expect(metricsOf(standard[AuthAlarm.FUNCTION_MEMORY])).toEqual([expect.objectContaining({ MetricName: AuthMetric.MEMORY_USED, Stat: 'Maximum' })]);
  });

  test('PW-09 a hash that stands in for the one that was asked for is an alarm at its first container, and wakes nobody up', () => {
    expect(metricsOf(standard[AuthAlarm.HASHING_FALLBACK])).toMatchObject([{ MetricName: AuthMetric.HASHING_FALLBACK, Stat: 'Sum' }]);
    expect(standard[AuthAlarm.HASHING_FALLBACK]).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', DatapointsToAlarm: 1 });
  });

  test('errors of the authorizer are refused tokens and count nowhere as crashes', () => {
    const [rate, longest] = [AuthAlarm.FUNCTION_ERROR_RATE, AuthAlarm.FUNCTION_DURATION].map((kind) => JSON.stringify(standard[kind]));
    expect(rate).not.toContain('Authorizer');
    expect(longest).toContain('Authorizer');
    expect(longest).not.toMatch(/RotateKeys|Admin/);
    const perFunction = alarmsOf(shop({ perFunctionAlarms: true }).template);
    expect(Object.keys(perFunction).filter((name) => name.endsWith('-errors')).sort()).toEqual(
      Object.values(AuthFunctionName).filter((name) => name !== AuthFunctionName.AUTHORIZER).map((name) => `${name}-errors`).sort());
    expect(Object.keys(perFunction).filter((name) => name.endsWith('-throttles') && !name.startsWith('table-'))).toHaveLength(Object.values(AuthFunctionName).length);
  });

  test('throttles are counted on every table and index, and nothing else', () => {
    for (const kind of [AuthAlarm.TABLE_READ_THROTTLES, AuthAlarm.TABLE_WRITE_THROTTLES]) {
      const indexes = metricsOf(standard[kind]).map(({ Dimensions }) => Dimensions.find(({ Name }: { Name: string }) => Name === 'GlobalSecondaryIndexName')?.Value);
      expect(indexes.sort()).toEqual(['email-index', 'user-index', undefined, undefined, undefined, undefined, undefined]);
    }
  });

  test('quota of concurrency, blocks of the firewall by anomaly, login by its route', () => {
    expect(standard[AuthAlarm.CONCURRENCY].Metrics[0].Expression).toBe('100 * claimed / SERVICE_QUOTA(running)');
    expect(metricsOf(standard[AuthAlarm.CONCURRENCY]).map(({ MetricName, Stat }) => [MetricName, Stat])).toEqual([['ClaimedAccountConcurrency', 'Maximum'], ['ConcurrentExecutions', 'Maximum']]);
    expect(standard[AuthAlarm.FIREWALL_BLOCKS].ComparisonOperator).toBe('GreaterThanUpperThreshold');
    expect(standard[AuthAlarm.FIREWALL_BLOCKS]).not.toHaveProperty('Threshold');
    expect(JSON.stringify(standard[AuthAlarm.FIREWALL_BLOCKS].Metrics)).toMatch(/ANOMALY_DETECTION_BAND\(m0, 4\)/);
    expect(metricsOf(standard[AuthAlarm.LOGIN_LATENCY_P99])).toEqual([expect.objectContaining({
      Stat: 'p99', Dimensions: expect.arrayContaining([{ Name: 'Resource', Value: '/login' }, { Name: 'Method', Value: 'POST' }]),
    })]);
  });

  test.each([[30, 768], [7, 198], [1, 36], [4 / 24, 6]])('a rotation every %d days is overdue after %d hours', (days, hours) => {
    const signingKeys = SigningKeys.rotating({ every: Duration.hours(days * 24) });
    expect(alarmsOf(shop({}, { signingKeys }).template)[AuthAlarm.KEY_ROTATION_OVERDUE].Threshold).toBe(hours);
  });

  test('failed logins as a share of attempts, with a floor', () => {
    const alarm = alarmsOf(shop({ loginFailures: LoginFailureLimit.share(25, 200) }).template)[AuthAlarm.LOGIN_FAILURES];
    expect(alarm.Threshold).toBe(25);
    expect(alarm.Metrics[0].Expression).toBe('IF(failed >= 200, 100 * failed / (failed + FILL(succeeded, 0)), 0)');
    expect(standard[AuthAlarm.LOGIN_FAILURES].Threshold).toBe(50);
    expect(metricsOf(standard[AuthAlarm.LOGIN_FAILURES])).toEqual([expect.objectContaining({ MetricName: 'LoginFailed', Stat: 'Sum', Period: 60 })]);
  });
});

describe('overrides', () => {
  test('threshold, switch and whether it pages', () => {
    const { template } = shop({
      alarmOverrides: [
        { alarm: AuthAlarm.LOGIN_LATENCY_P99, threshold: 1200, pages: false },
        { alarm: AuthAlarm.TOKEN_REFUSALS, enabled: false },
        { alarm: AuthAlarm.REFRESH_REUSE, pages: true },
      ],
    });
    const alarms = alarmsOf(template);
    expect(alarms[AuthAlarm.LOGIN_LATENCY_P99].Threshold).toBe(1200);
    expect(alarms).not.toHaveProperty(AuthAlarm.TOKEN_REFUSALS);
    const rule = JSON.stringify(resource(template, 'AWS::CloudWatch::CompositeAlarm', 'AuthMonitoring').Properties.AlarmRule);
    expect(rule).toContain('AlarmsRefreshReuse');
    expect(rule).not.toContain('AlarmsLoginLatencyP99');
  });

  test('high scale: what a large service does every minute is no alarm, and what is set explicitly wins', () => {
    const preset = AuthPreset.highScale();
    const alarms = alarmsOf(shop({ alarmOverrides: [{ alarm: AuthAlarm.TOKEN_REFUSALS, enabled: false }] }, { preset }).template);
    expect(alarms[AuthAlarm.LOCKOUT_SURGE].Threshold).toBe(1000);
    expect(alarms[AuthAlarm.LOGIN_FAILURES].Metrics[0].Expression).toMatch(/^IF\(failed >= 200/);
    expect(alarms).not.toHaveProperty(AuthAlarm.TOKEN_REFUSALS);
  });
});

describe('whom alarms tell', () => {
  const action: IAlarmAction = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-central-1:111111111111:pager' }) };
  const told = (alarm: any) => [alarm.AlarmActions, alarm.OKActions];
  const both = [['arn:aws:sns:eu-central-1:111111111111:pager'], ['arn:aws:sns:eu-central-1:111111111111:pager']];

  test('nobody, unless somebody is named', () => {
    for (const alarm of Object.values(standard)) expect(told(alarm)).toEqual([undefined, undefined]);
  });

  test('each by itself, of its end too', () => {
    const { stack, auth } = construct({ serviceName: 'shop' });
    auth.addAlarmAction(action);
    const template = Template.fromStack(stack);
    for (const alarm of Object.values(alarmsOf(template))) expect(told(alarm)).toEqual(both);
    expect(told(resource(template, 'AWS::CloudWatch::CompositeAlarm', 'Auth').Properties)).toEqual([undefined, undefined]);
  });

  test('the composite one alone wakes somebody up', () => {
    const { stack, auth } = construct({ serviceName: 'shop' });
    auth.addPagingAction(action);
    const template = Template.fromStack(stack);
    for (const alarm of Object.values(alarmsOf(template))) expect(told(alarm)).toEqual([undefined, undefined]);
    const paging = resource(template, 'AWS::CloudWatch::CompositeAlarm', 'Auth').Properties;
    expect(told(paging)).toEqual(both);
    expect(paging.AlarmName).toBe('shop-paging');
    const pages = [...JSON.stringify(paging.AlarmRule).matchAll(/AuthMonitoringAlarms(\w+)[0-9A-F]{8}/g)].map(([, id]) => id!).sort();
    expect(pages).toEqual(['ApiErrorRate', 'Concurrency', 'FunctionErrorRate', 'KeyRotationOverdue', 'LoginLatencyP99', 'QuietApiErrorRate', 'TableReadThrottles', 'TableWriteThrottles']);
  });

  test('the alarms are given back', () => {
    const names = construct({ serviceName: 'shop' }).auth.alarms.map((alarm: Alarm) => alarm.node.id);
    expect(names).toHaveLength(Object.keys(standard).length);
  });

  test('mute windows name every alarm, the composite one too', () => {
    const windows = [MuteWindow.recurring('0 2 * * SUN', Duration.hours(2), 'Europe/Berlin'), MuteWindow.once('2027-03-01T22:00', Duration.days(1))];
    const { template } = shop({ muteWindows: windows });
    const rules = Object.values(resources(template, 'AWS::CloudWatch::AlarmMuteRule')).map(({ Properties }) => Properties);
    expect(rules.map(({ Rule }) => Rule.Schedule)).toEqual([
      { Expression: 'cron(0 2 * * SUN)', Duration: 'PT2H', Timezone: 'Europe/Berlin' }, { Expression: 'at(2027-03-01T22:00)', Duration: 'P1D', Timezone: 'UTC' },
    ]);
    for (const { DependsOn } of Object.values(resources(template, 'AWS::CloudWatch::AlarmMuteRule'))) expect(DependsOn).toHaveLength(Object.keys(standard).length + 1);
    for (const { MuteTargets } of rules) expect(MuteTargets.AlarmNames).toHaveLength(Object.keys(standard).length + 1);
  });
});

describe('service levels', () => {
  const { template } = shop({ serviceLevels: { availability: 99.95, loginWithin: Duration.millis(600), days: 28 } });
  const objectives = Object.values(resources(template, 'AWS::ApplicationSignals::ServiceLevelObjective')).map(({ Properties }) => Properties);

  test('are counted by requests, with burn rates over an hour and over five minutes', () => {
    expect(objectives.map(({ Name }) => Name).sort()).toEqual([nameOf('availability'), nameOf('login-latency')]);
    for (const { BurnRateConfigurations, Goal } of objectives) {
      expect(BurnRateConfigurations).toEqual([{ LookBackWindowMinutes: 5 }, { LookBackWindowMinutes: 60 }]);
      expect(Goal.Interval.RollingInterval).toEqual({ Duration: 28, DurationUnit: 'DAY' });
    }
  });

  test('count failed requests, and logins that were quick', () => {
    const [availability, latency] = objectives.sort((a, b) => a.Name < b.Name ? -1 : 1).map(({ RequestBasedSli }) => RequestBasedSli.RequestBasedSliMetric);
    expect(availability.MonitoredRequestCountMetric.BadCountMetric[0].MetricStat).toMatchObject({ Metric: { MetricName: '5XXError' }, Stat: 'Sum' });
    expect(latency.MonitoredRequestCountMetric.GoodCountMetric[0].MetricStat).toMatchObject({ Metric: { MetricName: 'Latency' }, Stat: 'TC(:600)' });
    expect(objectives.map(({ Goal }) => Goal.AttainmentGoal).sort()).toEqual([99, 99.95]);
  });

  test('there are none unless they are set', () => {
    defaults().template.resourceCountIs('AWS::ApplicationSignals::ServiceLevelObjective', 0);
  });
});

describe('what can be left out', () => {
  test('dashboard, alarms and queries, one by one', () => {
    const { template, auth } = shop({ dashboard: false, savedQueries: false });
    expect(auth.dashboard).toBeUndefined();
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    template.resourceCountIs('AWS::Logs::QueryDefinition', 0);
    const quiet = shop({ alarms: false }).template;
    quiet.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    quiet.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0);
    quiet.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  test('a firewall that is not ours has neither alarm nor graphs', () => {
    const { template } = shop({}, { firewall: Firewall.disabled() });
    expect(alarmsOf(template)).not.toHaveProperty(AuthAlarm.FIREWALL_BLOCKS);
    expect(JSON.stringify(resource(template, 'AWS::CloudWatch::Dashboard', 'Auth').Properties)).not.toContain('WAFV2');
  });

  test('without an access log nothing asks it', () => {
    shop({}, { api: AuthApi.rest({ accessLogs: AccessLogs.none() }) }).template.resourceCountIs('AWS::Logs::QueryDefinition', 5);
  });

  test('two services of one account have no name in common', () => {
    const stack = new Stack(new App(), 'Stack');
    for (const id of ['Staff', 'Customers']) new AuthService(stack, id);
    const named = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, any>)
      .map(({ Type, Properties }) => [Type, Properties?.AlarmName ?? Properties?.DashboardName ?? (Type === 'AWS::Logs::QueryDefinition' && Properties.Name)].join(' '))
      .filter((name) => /CloudWatch|QueryDefinition/.test(name));
    expect(new Set(named).size).toBe(named.length);
  });
});

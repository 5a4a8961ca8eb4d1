import { TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { AuthServiceProps, ConcurrencyPeriod } from '../../src';
import { AuthFunctionName, ProvisionedConcurrency, WeekDay } from '../../src';
import { changesOf } from '../../src/policy/concurrency-timetable';
import { construct, defaults, resource, resources, synthesize } from './support/synth';

const ALIAS = 'AWS::Lambda::Alias';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';

const login = (provisionedConcurrency: ProvisionedConcurrency): AuthServiceProps => ({
  functions: { overrides: [{ name: AuthFunctionName.LOGIN, provisionedConcurrency }] },
});

describe('provisioned concurrency', () => {
  test('there is none by default', () => {
    for (const { Properties } of Object.values(resources(defaults().template, ALIAS))) expect(Properties.ProvisionedConcurrencyConfig).toBeUndefined();
    defaults().template.resourceCountIs(TARGET, 0);
  });

  test('a fixed number stands in the alias of the function that is named, and in no other', () => {
    const { template } = synthesize(login(ProvisionedConcurrency.fixed(5)));
    expect(resource(template, ALIAS, 'AuthFunctionsLogin').Properties.ProvisionedConcurrencyConfig).toEqual({ ProvisionedConcurrentExecutions: 5 });
    template.resourcePropertiesCountIs(ALIAS, { ProvisionedConcurrencyConfig: Match.anyValue() }, 1);
    template.resourceCountIs(TARGET, 0);
  });

  test('by utilization: bounds and target, and no number in the alias, which every update would go back to', () => {
    const { template } = synthesize(login(ProvisionedConcurrency.utilization({ min: 2, max: 40, target: 0.6 })));
    expect(resource(template, ALIAS, 'AuthFunctionsLogin').Properties.ProvisionedConcurrencyConfig).toBeUndefined();
    template.hasResourceProperties(TARGET, { MinCapacity: 2, MaxCapacity: 40, ScalableDimension: 'lambda:function:ProvisionedConcurrency', ServiceNamespace: 'lambda' });
    template.hasResourceProperties(POLICY, {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 0.6, PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' } },
    });
  });

  test('by timetable: business hours in the time zone of the business', () => {
    const businessHours = { startHour: 8, endHour: 18, concurrency: 20 };
    const { template } = synthesize(login(ProvisionedConcurrency.scheduled([businessHours], { timeZone: TimeZone.EUROPE_BERLIN, otherwise: 2 })));
    expect(resource(template, ALIAS, 'AuthFunctionsLogin').Properties.ProvisionedConcurrencyConfig).toBeUndefined();
    template.hasResourceProperties(TARGET, {
      MinCapacity: 2,
      MaxCapacity: 20,
      ScheduledActions: [
        { Schedule: 'cron(0 8 ? * MON,TUE,WED,THU,FRI *)', Timezone: 'Europe/Berlin', ScalableTargetAction: { MinCapacity: 20, MaxCapacity: 20 }, ScheduledActionName: Match.anyValue() },
        { Schedule: 'cron(0 18 ? * MON,TUE,WED,THU,FRI *)', Timezone: 'Europe/Berlin', ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 2 }, ScheduledActionName: Match.anyValue() },
      ],
    });
  });

  test('holds for every alias of the authorizer, those with required scopes included', () => {
    const override = { name: AuthFunctionName.AUTHORIZER, provisionedConcurrency: ProvisionedConcurrency.fixed(3) };
    const { auth, stack } = construct({ functions: { overrides: [override] } });
    auth.declareRequiredScopes(['orders:read']);
    Template.fromStack(stack).resourcePropertiesCountIs(ALIAS, { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 } }, 2);
  });

  test('none() provides none', () => {
    expect(synthesize(login(ProvisionedConcurrency.none())).template.toJSON()).toEqual(defaults().template.toJSON());
  });
});

test('reserved concurrency is set aside only where it is asked for', () => {
  const { template } = synthesize({ functions: { overrides: [{ name: AuthFunctionName.AUTHORIZER, reservedConcurrency: 100 }] } });
  expect(resource(template, 'AWS::Lambda::Function', 'AuthFunctionsAuthorizer').Properties.ReservedConcurrentExecutions).toBe(100);
  template.resourcePropertiesCountIs('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.anyValue() }, 1);
});

describe('a timetable changes a number only where it really changes', () => {
  const days = [WeekDay.MONDAY, WeekDay.TUESDAY];
  const changes = (entries: ConcurrencyPeriod[]) => changesOf(entries.map((entry) => ({ days, ...entry })), 0);

  test('one period after the other: no end of the first beside the start of the second', () => {
    expect(changes([{ startHour: 8, endHour: 12, concurrency: 5 }, { startHour: 12, endHour: 18, concurrency: 9 }])).toEqual([
      { days, hour: 8, concurrency: 5 }, { days, hour: 12, concurrency: 9 }, { days, hour: 18, concurrency: 0 },
    ]);
  });

  test('over midnight: two periods, no change at midnight', () => {
    expect(changesOf([{ days: ['FRI'], startHour: 20, endHour: 24, concurrency: 5 }, { days: ['SAT'], startHour: 0, endHour: 4, concurrency: 5 }], 0)).toEqual([
      { days: ['FRI'], hour: 20, concurrency: 5 }, { days: ['SAT'], hour: 4, concurrency: 0 },
    ]);
  });

  test('over the end of the week', () => {
    expect(changesOf([{ days: ['SUN'], startHour: 22, endHour: 24, concurrency: 5 }, { days: ['MON'], startHour: 0, endHour: 2, concurrency: 5 }], 1)).toEqual([
      { days: ['MON'], hour: 2, concurrency: 1 }, { days: ['SUN'], hour: 22, concurrency: 5 },
    ]);
  });
});

import { Duration, Token } from 'aws-cdk-lib';
import { Billing, Capacity } from 'aws-cdk-lib/aws-dynamodb';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { AnyPrincipal, PolicyDocument, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { AuthServiceProps, ConcurrencyPeriod } from '../../../../src';
import { AuthFunctionName, AuthTable, FunctionDeployment, ProvisionedConcurrency, TableBackups, WeekDay } from '../../../../src';
import type { WrongProps } from './wrong';

const own = (name: AuthFunctionName, options: object): AuthServiceProps => ({ functions: { overrides: [{ name, ...options }] } });
const login = (options: object) => own(AuthFunctionName.LOGIN, options);
const provided = (create: () => ProvisionedConcurrency) => () => login({ provisionedConcurrency: create() });
const hours = (period: Partial<ConcurrencyPeriod>) =>
  provided(() => ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 18, concurrency: 1, ...period }]));
const table = (options: object, billing?: Billing): AuthServiceProps => ({ storage: { billing, overrides: [{ name: AuthTable.USERS, ...options }] } });
const readableBy = (principal: IPrincipal) => new PolicyDocument({
  statements: [new PolicyStatement({ actions: ['dynamodb:GetItem'], principals: [principal], resources: ['*'] })],
});
const provisioned = Billing.provisioned({ readCapacity: Capacity.fixed(5), writeCapacity: Capacity.autoscaled({ maxCapacity: 10 }) });

/** Wrong settings of functions and tables. */
export const WRONG_CAPACITY: readonly WrongProps[] = [
  ['no environment', provided(() => ProvisionedConcurrency.fixed(0)), 'provisionedConcurrency is 0, allowed is a whole number from 1 to 10000'],
  ['half an environment', provided(() => ProvisionedConcurrency.fixed(1.5)), 'provisionedConcurrency is 1.5, allowed is a whole number from 1 to 10000'],
  ['bounds the wrong way round', provided(() => ProvisionedConcurrency.utilization({ min: 5, max: 4 })), 'provisionedConcurrency: min is 5, allowed is at most max, 4'],
  ['no greatest number', provided(() => ProvisionedConcurrency.utilization({ min: 1, max: 0 })), 'provisionedConcurrency: max is 0, allowed is a whole number from 1 to 10000'],
  ['no least number', provided(() => ProvisionedConcurrency.utilization({ min: 0, max: 4 })), 'provisionedConcurrency: min is 0, allowed is a whole number from 1 to 10000'],
  ['per cent instead of a share', provided(() => ProvisionedConcurrency.utilization({ min: 1, max: 4, target: 70 })),
    'provisionedConcurrency: target is 70, allowed is 0.1 to 0.9: the rest is what a rise finds ready'],
  ['an empty timetable', provided(() => ProvisionedConcurrency.scheduled([])),
    'provisionedConcurrency: periods is an empty list, allowed is at least one: ProvisionedConcurrency.none() provides nothing at any hour'],
  ['over midnight', hours({ startHour: 22, endHour: 6 }),
    'provisionedConcurrency: endHour is 6, allowed is a whole number from 23 to 24: write two periods for one over midnight'],
  ['hour 24', hours({ startHour: 24, endHour: 25 }), 'provisionedConcurrency: startHour is 24, allowed is a whole number from 0 to 23'],
  ['no day', hours({ days: [] }), 'provisionedConcurrency: days is an empty list, allowed is at least one day: leave it out for Monday to Friday'],
  ['a day twice', hours({ days: [WeekDay.MONDAY, WeekDay.MONDAY] }), 'provisionedConcurrency: days is a list with "MON" twice, allowed is each value once'],
  ['a number known later', hours({ concurrency: Token.asNumber({ Ref: 'Number' }) }),
    'provisionedConcurrency: concurrency is a value known only at deployment, allowed is a literal number: the timetable is computed at synthesis'],
  ['one hour twice', provided(() => ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 12, concurrency: 1 }, { startHour: 11, endHour: 14, concurrency: 2 }])),
    'provisionedConcurrency: periods is two for MON 11:00, allowed is one for each hour: shorten one of them'],
  ['more than what is set aside', () => login({ provisionedConcurrency: ProvisionedConcurrency.fixed(6), reservedConcurrency: 5 }),
    'functions.overrides: provisionedConcurrency of login is up to 6, allowed is at most reservedConcurrency, 5: raise reservedConcurrency or provide less'],
  ['nothing set aside', () => login({ reservedConcurrency: 0 }),
    'functions.overrides: reservedConcurrency of login is 0, allowed is a whole number from 1 to 10000: 0 would refuse every request'],
  ['concurrency for rotate-keys', () => own(AuthFunctionName.ROTATE_KEYS, { provisionedConcurrency: ProvisionedConcurrency.fixed(1) }),
    'functions.overrides: provisionedConcurrency of rotate-keys is set, allowed is none: Secrets Manager and CloudFormation invoke it without an alias'],
  ['a canary for rotate-keys', () => own(AuthFunctionName.ROTATE_KEYS, { deployment: FunctionDeployment.canary() }),
    'functions.overrides: deployment of rotate-keys is FunctionDeployment.canary(), allowed is none: Secrets Manager and CloudFormation invoke it without an alias'],
  ['a canary with provisioned concurrency', () => login({ provisionedConcurrency: ProvisionedConcurrency.fixed(1), deployment: FunctionDeployment.canary() }),
    'functions.overrides: deployment of login is FunctionDeployment.canary() together with provisionedConcurrency, allowed is one of the two: '
    + 'after one failed start the two together leave the alias between two versions; ProvisionedConcurrency.none() switches off what a preset sets'],
  ['steps with provisioned concurrency', () => login({ provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 1, max: 2 }), deployment: FunctionDeployment.linear() }),
    'functions.overrides: deployment of login is FunctionDeployment.linear() together with provisionedConcurrency, allowed is one of the two: '
    + 'after one failed start the two together leave the alias between two versions; ProvisionedConcurrency.none() switches off what a preset sets'],
  ['a canary of everything', () => login({ deployment: FunctionDeployment.canary({ percentage: 100 }) }), 'deployment: percentage is 100, allowed is a whole number from 1 to 99'],
  ['a canary of seconds', () => login({ deployment: FunctionDeployment.canary({ interval: Duration.seconds(90) }) }),
    'deployment: interval is 1 minute 30 seconds, allowed is 1 minute to 2 days in whole minutes'],
  ['a rollback without an error', () => login({ deployment: FunctionDeployment.linear({ rollbackErrors: 0 }) }),
    'deployment: rollbackErrors is 0, allowed is a whole number from 1 to 1000000'],
  ['an alarm twice', () => login({ deployment: FunctionDeployment.linear({ rollbackAlarmNames: ['a', 'a'] }) }),
    'deployment: rollbackAlarmNames is a list with "a" twice, allowed is each value once'],

  ['a table twice', () => ({ storage: { overrides: [{ name: AuthTable.USERS }, { name: AuthTable.USERS }] } }),
    'storage.overrides is a list with "users" twice, allowed is each value once: put all settings of a table into one entry'],
  ['warm reads that every table has', () => table({ warmThroughput: { readUnitsPerSecond: 11_999 } }),
    'storage.overrides: warm reads of users is 11999, allowed is a whole number from 12000 to 10000000: it is what a table on demand comes with'],
  ['warm writes that every table has', () => table({ warmThroughput: { writeUnitsPerSecond: 100 } }),
    'storage.overrides: warm writes of users is 100, allowed is a whole number from 4000 to 10000000: it is what a table on demand comes with'],
  ['warm writes of nothing', () => table({ warmThroughput: { writeUnitsPerSecond: 0 } }, provisioned),
    'storage.overrides: warm writes of users is 0, allowed is a whole number from 1 to 10000000'],
  ['a table for every account', () => table({ resourcePolicy: readableBy(new StarPrincipal()) }),
    'storage.overrides: resourcePolicy of users is an Allow for every principal, allowed is single principals, or a condition such as aws:PrincipalOrgID: '
    + 'AWS would let any account in'],
  ['a table for every AWS account', () => table({ resourcePolicy: readableBy(new AnyPrincipal()) }),
    'storage.overrides: resourcePolicy of users is an Allow for every principal, allowed is single principals, or a condition such as aws:PrincipalOrgID: '
    + 'AWS would let any account in'],
  ['backups of half a day', () => ({ storage: { backups: TableBackups.daily({ retention: Duration.hours(36) }) } }),
    'storage.backups: retention is 1 day 12 hours, allowed is 1 day to 36500 days in whole days'],
  ['backups at hour 24', () => ({ storage: { backups: TableBackups.daily({ hour: 24 }) } }), 'storage.backups: hour is 24, allowed is a whole number from 0 to 23'],
];

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
  ['no environment', provided(() => ProvisionedConcurrency.fixed(0)), 'provisionedConcurrency must be a whole number between 1 and 10000, got 0'],
  ['half an environment', provided(() => ProvisionedConcurrency.fixed(1.5)), 'provisionedConcurrency must be a whole number between 1 and 10000, got 1.5'],
  ['bounds the wrong way round', provided(() => ProvisionedConcurrency.utilization({ min: 5, max: 4 })), 'provisionedConcurrency: min must be at most max (4), got 5'],
  ['no greatest number', provided(() => ProvisionedConcurrency.utilization({ min: 1, max: 0 })), 'provisionedConcurrency: max must be a whole number between 1 and 10000, got 0'],
  ['no least number', provided(() => ProvisionedConcurrency.utilization({ min: 0, max: 4 })), 'provisionedConcurrency: min must be a whole number between 1 and 10000, got 0'],
  ['per cent instead of a share', provided(() => ProvisionedConcurrency.utilization({ min: 1, max: 4, target: 70 })),
    'provisionedConcurrency: target must be between 0.1 and 0.9, got 70: the rest is what a rise finds ready'],
  ['an empty timetable', provided(() => ProvisionedConcurrency.scheduled([])),
    'provisionedConcurrency: periods must be a list of at least one, got an empty list: ProvisionedConcurrency.none() provides nothing at any hour'],
  ['over midnight', hours({ startHour: 22, endHour: 6 }),
    'provisionedConcurrency: endHour must be a whole number between 23 and 24, got 6: write two periods for one over midnight'],
  ['hour 24', hours({ startHour: 24, endHour: 25 }), 'provisionedConcurrency: startHour must be a whole number between 0 and 23, got 24'],
  ['no day', hours({ days: [] }), 'provisionedConcurrency: days must be a list of at least one day, got an empty list: leave it out for Monday to Friday'],
  ['a day twice', hours({ days: [WeekDay.MONDAY, WeekDay.MONDAY] }), 'provisionedConcurrency: days must be a list of different values, got a list with "MON" twice'],
  ['a number known later', hours({ concurrency: Token.asNumber({ Ref: 'Number' }) }),
    'provisionedConcurrency: concurrency must be a literal number, got a value known only at deployment: the timetable is computed at synthesis'],
  ['one hour twice', provided(() => ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 12, concurrency: 1 }, { startHour: 11, endHour: 14, concurrency: 2 }])),
    'provisionedConcurrency: periods must be one for each hour, got two for MON 11:00: shorten one of them'],
  ['more than what is set aside', () => login({ provisionedConcurrency: ProvisionedConcurrency.fixed(6), reservedConcurrency: 5 }),
    'functions.overrides: provisionedConcurrency of login must be at most reservedConcurrency (5), got up to 6: raise reservedConcurrency or provide less'],
  ['nothing set aside', () => login({ reservedConcurrency: 0 }),
    'functions.overrides: reservedConcurrency of login must be a whole number between 1 and 10000, got 0: 0 would refuse every request'],
  ['concurrency for rotate-keys', () => own(AuthFunctionName.ROTATE_KEYS, { provisionedConcurrency: ProvisionedConcurrency.fixed(1) }),
    'functions.overrides: provisionedConcurrency of rotate-keys must be left out, got a value: Secrets Manager and CloudFormation invoke it without an alias'],
  ['a canary for rotate-keys', () => own(AuthFunctionName.ROTATE_KEYS, { deployment: FunctionDeployment.canary() }),
    'functions.overrides: deployment of rotate-keys must be left out, got FunctionDeployment.canary(): Secrets Manager and CloudFormation invoke it without an alias'],
  ['a canary with provisioned concurrency', () => login({ provisionedConcurrency: ProvisionedConcurrency.fixed(1), deployment: FunctionDeployment.canary() }),
    'functions.overrides: deployment of login must be set without provisionedConcurrency, got FunctionDeployment.canary() with it: '
    + 'after one failed start the two together leave the alias between two versions; ProvisionedConcurrency.none() switches off what a preset sets'],
  ['steps with provisioned concurrency', () => login({ provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 1, max: 2 }), deployment: FunctionDeployment.linear() }),
    'functions.overrides: deployment of login must be set without provisionedConcurrency, got FunctionDeployment.linear() with it: '
    + 'after one failed start the two together leave the alias between two versions; ProvisionedConcurrency.none() switches off what a preset sets'],
  ['a canary of everything', () => login({ deployment: FunctionDeployment.canary({ percentage: 100 }) }), 'deployment: percentage must be a whole number between 1 and 99, got 100'],
  ['a canary of seconds', () => login({ deployment: FunctionDeployment.canary({ interval: Duration.seconds(90) }) }),
    'deployment: interval must be between 1 minute and 2 days in whole minutes, got 1 minute 30 seconds'],
  ['a rollback without an error', () => login({ deployment: FunctionDeployment.linear({ rollbackErrors: 0 }) }),
    'deployment: rollbackErrors must be a whole number between 1 and 1000000, got 0'],
  ['an alarm twice', () => login({ deployment: FunctionDeployment.linear({ rollbackAlarmNames: ['a', 'a'] }) }),
    'deployment: rollbackAlarmNames must be a list of different values, got a list with "a" twice'],

  ['a table twice', () => ({ storage: { overrides: [{ name: AuthTable.USERS }, { name: AuthTable.USERS }] } }),
    'storage.overrides must be a list of different values, got a list with "users" twice: put all settings of a table into one entry'],
  ['warm reads that every table has', () => table({ warmThroughput: { readUnitsPerSecond: 11_999 } }),
    'storage.overrides: warm reads of users must be a whole number between 12000 and 10000000, got 11999: it is what a table on demand comes with'],
  ['warm writes that every table has', () => table({ warmThroughput: { writeUnitsPerSecond: 100 } }),
    'storage.overrides: warm writes of users must be a whole number between 4000 and 10000000, got 100: it is what a table on demand comes with'],
  ['warm writes of nothing', () => table({ warmThroughput: { writeUnitsPerSecond: 0 } }, provisioned),
    'storage.overrides: warm writes of users must be a whole number between 1 and 10000000, got 0'],
  ['a table for every account', () => table({ resourcePolicy: readableBy(new StarPrincipal()) }),
    'storage.overrides: resourcePolicy of users must be for single principals, or under a condition such as aws:PrincipalOrgID, got an Allow for every principal: '
    + 'AWS would let any account in'],
  ['a table for every AWS account', () => table({ resourcePolicy: readableBy(new AnyPrincipal()) }),
    'storage.overrides: resourcePolicy of users must be for single principals, or under a condition such as aws:PrincipalOrgID, got an Allow for every principal: '
    + 'AWS would let any account in'],
  ['backups of half a day', () => ({ storage: { backups: TableBackups.daily({ retention: Duration.hours(36) }) } }),
    'storage.backups: retention must be between 1 day and 36500 days in whole days, got 1 day 12 hours'],
  ['backups at hour 24', () => ({ storage: { backups: TableBackups.daily({ hour: 24 }) } }), 'storage.backups: hour must be a whole number between 0 and 23, got 24'],
];

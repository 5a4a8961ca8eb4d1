import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BillingMode } from 'aws-cdk-lib/aws-dynamodb';
import type { AuthServiceProps } from '../../../src';
import { AuthAlarm, AuthFunctionName, AuthTable } from '../../../src';

/** What two props of good values say together. */
interface Conflict {
  /** How the message begins. */
  readonly message: string;
  readonly holds: (props: AuthServiceProps) => boolean;
}

const overrideOf = ({ functions }: AuthServiceProps, name: AuthFunctionName) => functions?.overrides?.find((override) => override.name === name);

/** What login has ready by an explicit number: a preset's gives way to whatever excludes it. */
function readyForLogin(props: AuthServiceProps): number {
  return overrideOf(props, AuthFunctionName.LOGIN)?.provisionedConcurrency?._max ?? 0;
}

/** Only where it was said: what a preset leaves without effect is warned of. */
const withoutAlarms = (props: AuthServiceProps) => props.monitoring?.alarms === false;
const overridesAlarm = ({ monitoring }: AuthServiceProps, ...alarms: AuthAlarm[]) =>
  (monitoring?.alarmOverrides ?? []).some(({ alarm }) => alarms.includes(alarm));

/**
 * Which combinations have to be refused, as the documentation of the props says it: written without a look at the checks, so that one that
 * refuses too much is found as well as one that is missing.
 */
const CONFLICTS: readonly Conflict[] = [
  { message: 'removalPolicy ', holds: ({ removalPolicy }) => removalPolicy === RemovalPolicy.SNAPSHOT },
  {
    message: 'tokens.transport ',
    holds: ({ tokens, webApp }) => webApp === undefined && ['cookie', 'both'].includes(tokens?.transport?._mode ?? 'body'),
  },
  {
    message: 'tokens.idleTimeout ',
    holds: ({ tokens }) => (tokens?.idleTimeout?.toMinutes() ?? 0) > (tokens?.sessionLifetime ?? Duration.days(30)).toMinutes(),
  },
  {
    message: 'functions.overrides: timeout of refresh ',
    holds: (props) => {
      const grace = props.tokens?.concurrentRefreshGrace?.toSeconds() ?? 10;
      return grace > 0 && (overrideOf(props, AuthFunctionName.REFRESH)?.timeout?.toSeconds() ?? 0) * 2 >= grace;
    },
  },
  {
    message: 'functions.overrides: memory of login ',
    holds: (props) => props.passwords?.hashing?._algorithm === 'scrypt' && (overrideOf(props, AuthFunctionName.LOGIN)?.memory?.toMebibytes() ?? 512) < 512,
  },
  {
    message: 'functions.overrides: provisionedConcurrency of login ',
    holds: (props) => readyForLogin(props) > (overrideOf(props, AuthFunctionName.LOGIN)?.reservedConcurrency ?? Infinity),
  },
  {
    message: 'functions.overrides: provisionedConcurrency of rotate-keys ',
    holds: (props) => overrideOf(props, AuthFunctionName.ROTATE_KEYS)?.provisionedConcurrency !== undefined,
  },
  {
    message: 'functions.overrides: deployment of login ',
    holds: (props) => readyForLogin(props) > 0 && overrideOf(props, AuthFunctionName.LOGIN)?.deployment?._kind === 'canary',
  },
  {
    message: 'storage.overrides: warm reads of tickets ',
    holds: ({ storage }) => {
      const tickets = storage?.overrides?.find(({ name }) => name === AuthTable.TICKETS);
      const provisioned = (tickets?.billing ?? storage?.billing)?.mode === BillingMode.PROVISIONED;
      return !provisioned && (tickets?.warmThroughput?.readUnitsPerSecond ?? Infinity) < 12_000;
    },
  },
  { message: 'monitoring.alarmOverrides ', holds: (props) => withoutAlarms(props) && (props.monitoring?.alarmOverrides ?? []).length > 0 },
  { message: 'monitoring.perFunctionAlarms ', holds: (props) => withoutAlarms(props) && props.monitoring?.perFunctionAlarms === true },
  { message: 'monitoring.loginFailures ', holds: (props) => withoutAlarms(props) && props.monitoring?.loginFailures !== undefined },
  { message: 'monitoring.muteWindows ', holds: (props) => withoutAlarms(props) && (props.monitoring?.muteWindows ?? []).length > 0 },
  {
    message: 'firewall must be Firewall.',
    holds: ({ api, firewall }) => (api?._kind === 'http' ? ['managed', 'existing'] : ['cloudFront']).includes(firewall?._kind ?? 'managed'),
  },
  { message: 'api: accessLogs must be AccessLogs.cloudWatch() or AccessLogs.none(), got AccessLogs.firehose() ', holds: ({ api }) => api?._kind === 'http' && api._options.accessLogs?._stream !== undefined },
  {
    message: 'monitoring.alarmOverrides: firewall-blocks ',
    holds: (props) => overridesAlarm(props, AuthAlarm.FIREWALL_BLOCKS) && (props.firewall?._kind ?? 'managed') !== 'managed',
  },
  {
    message: 'monitoring.alarmOverrides: key-rotation-overdue ',
    holds: (props) => overridesAlarm(props, AuthAlarm.KEY_ROTATION_OVERDUE) && (props.signingKeys?._kind ?? 'rotating') !== 'rotating',
  },
  {
    message: 'monitoring.alarmOverrides: availability-burn-rate ',
    holds: (props) => overridesAlarm(props, AuthAlarm.AVAILABILITY_BURN_RATE) && props.monitoring?.serviceLevels === undefined,
  },
];

/** How the message of a refusal may begin; none: the combination has to synthesize. */
export function refusalsOf(props: AuthServiceProps): string[] {
  return CONFLICTS.filter(({ holds }) => holds(props)).map(({ message }) => message);
}

/** Of every conflict, so that a test can see that each was met. */
export const REFUSALS: readonly string[] = CONFLICTS.map(({ message }) => message);

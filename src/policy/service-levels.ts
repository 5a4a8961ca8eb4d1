import { Duration } from 'aws-cdk-lib';
import { checkInteger, refuse } from './validation';

/** What the service promises, measured over its own API by CloudWatch Application Signals. */
export interface ServiceLevelOptions {
  /**
   * Share of requests that are answered without 5xx, in percent: 90 to 99.999.
   * @default 99.9
   */
  readonly availability?: number;

  /**
   * Share of logins that are answered within `loginWithin`, in percent: 90 to 99.999.
   * @default 99
   */
  readonly logins?: number;

  /**
   * What counts as a quick login: 100 milliseconds to 29 seconds.
   * @default Duration.millis(800)
   */
  readonly loginWithin?: Duration;

  /**
   * Over how many days the promise holds: 7 to 90.
   * @default 30
   */
  readonly days?: number;
}

/** Whether the promises can be measured. */
export function checkServiceLevels(levels: ServiceLevelOptions): void {
  checkGoal('monitoring.serviceLevels.availability', levels.availability);
  checkGoal('monitoring.serviceLevels.logins', levels.logins);
  checkInteger('monitoring.serviceLevels.days', levels.days, 7, 90);
  const within = levels.loginWithin;
  if (within?.isUnresolved()) {
    refuse('monitoring.serviceLevels.loginWithin', 'a value known only at deployment', 'a literal duration', 'it is part of the name of a statistic');
  }
  if (within !== undefined && (within.toMilliseconds() < 100 || within.toMilliseconds() > 29_000)) {
    refuse('monitoring.serviceLevels.loginWithin', within.toHumanString(), 'between 100 milliseconds and 29 seconds');
  }
}

function checkGoal(property: string, goal: number | undefined): void {
  if (goal !== undefined && !(goal >= 90 && goal <= 99.999)) {
    refuse(property, String(goal), 'a percentage between 90 and 99.999', 'less is no promise, and 100 % leaves no error budget that could burn');
  }
}

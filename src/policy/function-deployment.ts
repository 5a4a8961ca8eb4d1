import { Duration } from 'aws-cdk-lib';
import { checkDuration, checkInteger, checkLiteral, checkLiteralList, checkUnique } from './validation';

/** How a new version takes over step by step, and what takes it back. */
export interface GradualDeploymentOptions {
  /**
   * Share of the requests that the new version gets first, in per cent; with `linear` also what each step adds: 1 to 99.
   * @default 10
   */
  readonly percentage?: number;

  /**
   * Time between steps, in whole minutes, 1 minute to 2 days.
   * @default - 5 minutes with `canary`, 1 minute with `linear`
   */
  readonly interval?: Duration;

  /**
   * Errors of the function within a minute that take the new version back.
   * @default 3
   */
  readonly rollbackErrors?: number;

  /**
   * Names of further alarms that take the new version back. By name: an alarm that refers to something behind the function, such as
   * the API's stage, would close a cycle.
   * @default - only the alarm on the function's errors, which is made for it
   */
  readonly rollbackAlarmNames?: string[];
}

/** How a new version of a function takes over. */
export class FunctionDeployment {
  /** At once, when the stack is updated; a failed update of the stack goes back. */
  public static allAtOnce(): FunctionDeployment {
    return new FunctionDeployment('all-at-once', 100, Duration.minutes(0), 0, []);
  }

  /** First some requests, after a while all of them, by AWS CodeDeploy. Not together with provisioned concurrency. */
  public static canary(options: GradualDeploymentOptions = {}): FunctionDeployment {
    return FunctionDeployment.gradual('canary', Duration.minutes(5), options);
  }

  /** More and more requests in equal steps, by AWS CodeDeploy. Not together with provisioned concurrency. */
  public static linear(options: GradualDeploymentOptions = {}): FunctionDeployment {
    return FunctionDeployment.gradual('linear', Duration.minutes(1), options);
  }

  private static gradual(kind: 'canary' | 'linear', interval: Duration, options: GradualDeploymentOptions): FunctionDeployment {
    // The steps are named by them.
    checkLiteral('deployment: percentage', options.percentage);
    checkLiteral('deployment: interval', options.interval);
    checkLiteralList('deployment: rollbackAlarmNames', options.rollbackAlarmNames);
    checkInteger('deployment: percentage', options.percentage, 1, 99);
    checkDuration('deployment: interval', options.interval, Duration.minutes(1), Duration.days(2), undefined, Duration.minutes(1));
    checkInteger('deployment: rollbackErrors', options.rollbackErrors, 1, 1_000_000);
    checkUnique('deployment: rollbackAlarmNames', options.rollbackAlarmNames ?? []);
    return new FunctionDeployment(kind, options.percentage ?? 10, options.interval ?? interval, options.rollbackErrors ?? 3, options.rollbackAlarmNames ?? []);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'all-at-once' | 'canary' | 'linear',
    /** @internal */
    public readonly _percentage: number,
    /** @internal */
    public readonly _interval: Duration,
    /** @internal */
    public readonly _rollbackErrors: number,
    /** @internal */
    public readonly _rollbackAlarmNames: string[],
  ) {}

  /** @internal */
  public get _isGradual(): boolean {
    return this._kind !== 'all-at-once';
  }
}

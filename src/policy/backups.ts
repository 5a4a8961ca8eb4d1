import { Duration } from 'aws-cdk-lib';
import { checkDuration, checkInteger } from './validation';

/** Backups of every day. */
export interface DailyBackupOptions {
  /**
   * How long a backup is kept: 1 day to 100 years, in whole days.
   * @default Duration.days(35)
   */
  readonly retention?: Duration;

  /**
   * Hour of the day at which they begin, in UTC: 0 to 23.
   * @default 2
   */
  readonly hour?: number;
}

/** Backups of the tables beside point-in-time recovery: in a vault of their own, where they outlive the tables. */
export class TableBackups {
  /** None beside point-in-time recovery. */
  public static none(): TableBackups {
    return new TableBackups();
  }

  /**
   * A backup of every table a day by AWS Backup, which must have its advanced features for DynamoDB switched on in the account and Region, as new
   * accounts have them. The keys are not part of it: they are in Secrets Manager.
   */
  public static daily(options: DailyBackupOptions = {}): TableBackups {
    checkDuration('storage.backups: retention', options.retention, Duration.days(1), Duration.days(36500), undefined, Duration.days(1));
    checkInteger('storage.backups: hour', options.hour, 0, 23);
    return new TableBackups(options.retention ?? Duration.days(35), options.hour ?? 2);
  }

  private constructor(
    /** @internal */
    public readonly _retention?: Duration,
    /** @internal */
    public readonly _hour?: number,
  ) {}
}

import { Duration } from 'aws-cdk-lib';
import { Billing } from 'aws-cdk-lib/aws-dynamodb';
import { refuse } from './validation';

/** The five tables of the service. */
export enum AuthTable {
  /** Users, their credentials. */
  USERS = 'users',
  /** One item per login. */
  SESSIONS = 'sessions',
  /** What the authorizer must know: ended sessions and the published keys. */
  REVOCATIONS = 'revocations',
  /** Counters of attempts. */
  ATTEMPTS = 'attempts',
  /** One-time secrets. */
  TICKETS = 'tickets',
}

/** Continuous backups of the tables. */
export class PointInTimeRecovery {
  /** Any second of the last `period` can be restored: 1 to 35 days, 35 unless set. */
  public static enabled(period?: Duration): PointInTimeRecovery {
    if (period !== undefined) {
      const days = period.isUnresolved() ? NaN : period.toDays({ integral: false });
      if (!Number.isInteger(days) || days < 1 || days > 35) {
        refuse('storage.pointInTimeRecovery', period.isUnresolved() ? 'a value known only at deployment' : period.toHumanString(), '1 to 35 whole days');
      }
      return new PointInTimeRecovery(days);
    }
    return new PointInTimeRecovery(35);
  }

  /** No backups: a wrong write or a deleted item is lost for ever. */
  public static disabled(): PointInTimeRecovery {
    return new PointInTimeRecovery(undefined);
  }

  private constructor(
    /** @internal */
    public readonly _days: number | undefined,
  ) {}
}

/** The tables. */
export interface StorageOptions {
  /**
   * How capacity is paid: on demand, or provisioned with autoscaling. Holds for each of the five tables.
   * @default Billing.onDemand()
   */
  readonly billing?: Billing;

  /**
   * Continuous backups.
   * @default PointInTimeRecovery.enabled()
   */
  readonly pointInTimeRecovery?: PointInTimeRecovery;
}

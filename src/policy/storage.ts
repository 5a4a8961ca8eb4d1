import { Duration } from 'aws-cdk-lib';
import { Billing, BillingMode, ContributorInsightsMode, WarmThroughput } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { TableBackups } from './backups';
import { checkInteger, checkUnique, refuse } from './validation';

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
        refuse('storage.pointInTimeRecovery', period.isUnresolved() ? 'a value known only at deployment' : period.toHumanString(), 'between 1 and 35 whole days');
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

/** One table's own settings. */
export interface AuthTableOptions {
  /** Which table. */
  readonly name: AuthTable;

  /**
   * How capacity is paid.
   * @default - `storage.billing`
   */
  readonly billing?: Billing;

  /**
   * What table and index can take at once, before a rise has taught them: on demand at least 12000 reads and 4000 writes a second, which is
   * what they come with. It can be raised, and is paid once each time; DynamoDB refuses to lower it.
   * @default - what DynamoDB gives by itself
   */
  readonly warmThroughput?: WarmThroughput;

  /**
   * Which keys CloudWatch counts for this table. The keys of `USERS` hold e-mail addresses, which then appear there.
   * @default - `storage.contributorInsights`; none for `USERS`
   */
  readonly contributorInsights?: ContributorInsightsMode;

  /**
   * The table's own policy: who of another account may read it, or who may not, whatever their own policies say. DynamoDB refuses one that
   * locks out whoever deploys it. A `Deny` also holds for the functions: leave out what they do.
   * @default - none: only identities of this account that have permission themselves
   */
  readonly resourcePolicy?: PolicyDocument;
}

/** The tables. */
export interface StorageOptions {
  /**
   * How capacity is paid: on demand, if wanted with a ceiling above which requests are refused, or provisioned with autoscaling. Holds for each of the
   * five tables and for their indexes. DynamoDB lets a table change to on demand four times a day.
   * @default Billing.onDemand()
   */
  readonly billing?: Billing;

  /**
   * Continuous backups.
   * @default PointInTimeRecovery.enabled()
   */
  readonly pointInTimeRecovery?: PointInTimeRecovery;

  /**
   * Backups beside the continuous ones.
   * @default TableBackups.none()
   */
  readonly backups?: TableBackups;

  /**
   * Which keys CloudWatch counts, to find one that is used too much: of all tables but `USERS`, whose keys hold e-mail addresses. Paid by event.
   * @default - none
   */
  readonly contributorInsights?: ContributorInsightsMode;

  /**
   * Settings of single tables.
   * @default - what holds for all
   */
  readonly overrides?: AuthTableOptions[];
}

/** What a table on demand comes with. */
const LEAST_WARM_READS = 12_000;
const LEAST_WARM_WRITES = 4_000;
const MOST_WARM = 10_000_000;

/** Whether DynamoDB can keep it. */
export function checkStorage(storage: StorageOptions): void {
  const overrides = storage.overrides ?? [];
  checkUnique('storage.overrides', overrides.map(({ name }) => name), 'put all settings of a table into one entry');
  for (const { name, warmThroughput, resourcePolicy, billing = storage.billing } of overrides) {
    checkResourcePolicy(name, resourcePolicy);
    const provisioned = billing?.mode === BillingMode.PROVISIONED;
    const remedy = provisioned ? undefined : 'it is what a table on demand comes with';
    checkInteger(`storage.overrides: warm reads of ${name}`, warmThroughput?.readUnitsPerSecond, provisioned ? 1 : LEAST_WARM_READS, MOST_WARM, remedy);
    checkInteger(`storage.overrides: warm writes of ${name}`, warmThroughput?.writeUnitsPerSecond, provisioned ? 1 : LEAST_WARM_WRITES, MOST_WARM, remedy);
  }
}

/** A table that everybody may use is no table of passwords. */
function checkResourcePolicy(name: AuthTable, policy: PolicyDocument | undefined): void {
  const { Statement: statements = [] } = (policy?.toJSON() ?? {}) as { Statement?: { Effect: string; Principal?: unknown; Condition?: unknown }[] };
  const open = statements.some(({ Effect: effect, Principal: principal, Condition: condition }) => effect === 'Allow' && condition === undefined && isEverybody(principal));
  if (open) {
    refuse(`storage.overrides: resourcePolicy of ${name}`, 'an Allow for every principal', 'for single principals, or under a condition such as aws:PrincipalOrgID',
      'AWS would let any account in');
  }
}

function isEverybody(principal: unknown): boolean {
  return principal === '*' || (principal as { AWS?: unknown } | undefined)?.AWS === '*';
}

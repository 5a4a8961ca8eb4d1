import { CfnDeletionPolicy, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import {
  Attribute, AttributeType, Billing, BillingMode, CfnGlobalTable, ContributorInsightsMode, GlobalSecondaryIndexPropsV2, ProjectionType, TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { AttemptsTable, RevocationsTable, SessionsTable, TicketsTable, UsersTable } from '../contract/tables';
import { keptIfProtected } from '../policy/removal';
import { AuthTable, AuthTableOptions, PointInTimeRecovery } from '../policy/storage';

/** What the tables are made with. */
export interface AuthTablesProps {
  readonly billing: Billing;
  readonly contributorInsights?: ContributorInsightsMode;
  readonly tableOverrides: AuthTableOptions[];
  readonly pointInTimeRecovery: PointInTimeRecovery;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

interface Layout {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly ttl?: string;
  readonly index?: GlobalSecondaryIndexPropsV2;
}

/** Keys, TTL and indexes by table, as the contract with the functions has them. */
const LAYOUTS: Readonly<Record<AuthTable, Layout>> = {
  [AuthTable.USERS]: {
    partitionKey: UsersTable.PARTITION_KEY,
    sortKey: UsersTable.SORT_KEY,
    index: {
      indexName: UsersTable.EMAIL_INDEX,
      partitionKey: text(UsersTable.EMAIL_INDEX_KEY),
      projectionType: ProjectionType.KEYS_ONLY,
    },
  },
  [AuthTable.SESSIONS]: {
    partitionKey: SessionsTable.PARTITION_KEY,
    ttl: SessionsTable.TTL,
    index: {
      indexName: SessionsTable.USER_INDEX,
      partitionKey: text(SessionsTable.USER_INDEX_PARTITION_KEY),
      sortKey: { name: SessionsTable.USER_INDEX_SORT_KEY, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    },
  },
  [AuthTable.REVOCATIONS]: { partitionKey: RevocationsTable.PARTITION_KEY, ttl: RevocationsTable.TTL },
  [AuthTable.ATTEMPTS]: { partitionKey: AttemptsTable.PARTITION_KEY, ttl: AttemptsTable.TTL },
  [AuthTable.TICKETS]: { partitionKey: TicketsTable.PARTITION_KEY, ttl: TicketsTable.TTL },
};

/** Construct ids: with them the logical ids of tables that hold data, so they never change. */
const IDS: Readonly<Record<AuthTable, string>> = {
  [AuthTable.USERS]: 'Users',
  [AuthTable.SESSIONS]: 'Sessions',
  [AuthTable.REVOCATIONS]: 'Revocations',
  [AuthTable.ATTEMPTS]: 'Attempts',
  [AuthTable.TICKETS]: 'Tickets',
};

/** The five tables: each its own blast radius, permissions and capacity. */
export class AuthTables extends Construct {
  private readonly tables: Readonly<Record<AuthTable, TableV2>>;

  constructor(scope: Construct, id: string, props: AuthTablesProps) {
    super(scope, id);
    this.tables = {
      [AuthTable.USERS]: this.create(AuthTable.USERS, props),
      [AuthTable.SESSIONS]: this.create(AuthTable.SESSIONS, props),
      [AuthTable.REVOCATIONS]: this.create(AuthTable.REVOCATIONS, props),
      [AuthTable.ATTEMPTS]: this.create(AuthTable.ATTEMPTS, props),
      [AuthTable.TICKETS]: this.create(AuthTable.TICKETS, props),
    };
  }

  public table(name: AuthTable): TableV2 {
    return this.tables[name];
  }

  public all(): TableV2[] {
    return Object.values(this.tables);
  }

  private create(name: AuthTable, props: AuthTablesProps): TableV2 {
    const layout = LAYOUTS[name];
    const days = props.pointInTimeRecovery._days;
    const own = props.tableOverrides.find((override) => override.name === name);
    const billing = own?.billing ?? props.billing;
    // The keys of Users hold addresses, which nobody should find in CloudWatch without having asked for it.
    const insights = own?.contributorInsights ?? (name === AuthTable.USERS ? undefined : props.contributorInsights);
    const table = new TableV2(this, IDS[name], {
      partitionKey: text(layout.partitionKey),
      sortKey: layout.sortKey === undefined ? undefined : text(layout.sortKey),
      timeToLiveAttribute: layout.ttl,
      globalSecondaryIndexes: layout.index && [{ ...layout.index, ...ceilings(billing), warmThroughput: own?.warmThroughput }],
      billing,
      warmThroughput: own?.warmThroughput,
      contributorInsightsSpecification: insights && { enabled: true, mode: insights },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: days !== undefined, recoveryPeriodInDays: days },
      deletionProtection: props.removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy: keptIfProtected(props.removalPolicy),
      resourcePolicy: own?.resourcePolicy,
    });
    protectWhileKept(table);
    if (props.encryptionKey) {
      encryptWith(table, props.encryptionKey);
    }
    return table;
  }
}

/** Protected exactly as long as it is kept, also where an Aspect such as `RemovalPolicies` decides that later. */
function protectWhileKept(table: TableV2): void {
  const resource = table.node.defaultChild as CfnGlobalTable;
  resource.addPropertyOverride('Replicas.0.DeletionProtectionEnabled', Lazy.any({
    produce: () => resource.cfnOptions.deletionPolicy !== CfnDeletionPolicy.DELETE,
  }));
}

/** TableV2 itself takes a customer key only where the Region is known; the table does not need to know it. */
function encryptWith(table: TableV2, key: IKey): void {
  const resource = table.node.defaultChild as CfnGlobalTable;
  resource.sseSpecification = { sseEnabled: true, sseType: 'KMS' };
  resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
}

/** Of an index, which has no ceiling of its own accord; capacity that is provisioned it takes from the table. */
function ceilings(billing: Billing): Pick<GlobalSecondaryIndexPropsV2, 'maxReadRequestUnits' | 'maxWriteRequestUnits'> {
  return billing.mode === BillingMode.PAY_PER_REQUEST
    ? { maxReadRequestUnits: billing._renderReadCapacity(), maxWriteRequestUnits: billing._renderWriteCapacity() }
    : {};
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}

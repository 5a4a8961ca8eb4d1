import { isTrue } from '../account';
import { Input } from './model';

/** What a template's table asks for, in terms of the API. */
export interface TableRequest {
  readonly create: Input;
  readonly ttlAttribute?: string;
  readonly pointInTimeRecovery: boolean;
  readonly notEvaluated: readonly string[];
}

interface TemplateIndex {
  readonly IndexName: string;
  readonly KeySchema: unknown;
  readonly Projection: unknown;
}

interface TemplateTable {
  readonly TableName?: string;
  readonly AttributeDefinitions?: unknown;
  readonly KeySchema?: unknown;
  readonly GlobalSecondaryIndexes?: readonly TemplateIndex[];
  readonly LocalSecondaryIndexes?: readonly TemplateIndex[];
  readonly DeletionProtectionEnabled?: boolean | string;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean | string };
  readonly SSESpecification?: Readonly<Record<string, unknown>>;
  readonly ResourcePolicy?: unknown;
  readonly StreamSpecification?: unknown;
  readonly KinesisStreamSpecification?: unknown;
  readonly ImportSourceSpecification?: unknown;
  readonly TableClass?: string;
  readonly Tags?: unknown;
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled?: boolean | string };
  readonly Replicas?: readonly (TemplateTable & { readonly Region?: string })[];
}

/**
 * Properties of AWS::DynamoDB::Table or AWS::DynamoDB::GlobalTable. A global table keeps protection, recovery and tags in its
 * replica of the stack's Region. Capacity is never limited here, so every table is made on demand.
 */
export function tableRequest(type: string, properties: Record<string, unknown>, generatedName: string, region: string): TableRequest {
  const table = properties as TemplateTable;
  const replicas = table.Replicas ?? [];
  const own = type === 'AWS::DynamoDB::GlobalTable' ? replicas.find((replica) => replica.Region === region) ?? replicas[0] ?? {} : table;
  const ttl = table.TimeToLiveSpecification;
  const notEvaluated = [
    ...(table.StreamSpecification ? ['streams'] : []),
    ...(own.ResourcePolicy ? ['resource policy'] : []),
    ...(own.KinesisStreamSpecification ? ['Kinesis stream'] : []),
    ...(table.ImportSourceSpecification ? ['import'] : []),
    ...(replicas.length > 1 ? [`replicas in ${replicas.filter((replica) => replica !== own).map((replica) => replica.Region).join(', ')}`] : []),
  ];
  return {
    create: {
      TableName: table.TableName ?? generatedName,
      AttributeDefinitions: table.AttributeDefinitions,
      KeySchema: table.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...(table.GlobalSecondaryIndexes?.length ? { GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map(indexOf) } : {}),
      ...(table.LocalSecondaryIndexes?.length ? { LocalSecondaryIndexes: table.LocalSecondaryIndexes.map(indexOf) } : {}),
      DeletionProtectionEnabled: isTrue(own.DeletionProtectionEnabled),
      ...(own.TableClass ? { TableClass: own.TableClass } : {}),
      ...(isTrue(table.SSESpecification?.SSEEnabled) ? { SSESpecification: { ...table.SSESpecification, ...own.SSESpecification } } : {}),
      ...(own.Tags ? { Tags: own.Tags } : {}),
    },
    ...(ttl?.AttributeName && isTrue(ttl.Enabled) ? { ttlAttribute: ttl.AttributeName } : {}),
    pointInTimeRecovery: isTrue(own.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled),
    notEvaluated,
  };
}

const indexOf = ({ IndexName, KeySchema, Projection }: TemplateIndex): TemplateIndex => ({ IndexName, KeySchema, Projection });

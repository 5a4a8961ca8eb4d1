import { Calls } from '../calls';
import { Endpoint } from '../endpoint';
import { FaultRules } from '../faults';
import { DynamoDb } from './index';
import { tableRequest } from './provision';

export interface StartedDynamoDb {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly faults: FaultRules;
  /** Every call with the units it was charged. */
  readonly calls: Calls;
  readonly dynamoDb: DynamoDb;
  /** Properties of AWS::DynamoDB::Table or GlobalTable; the answer is the table's name. */
  createTable(properties: Record<string, unknown>): Promise<string>;
  stop(): Promise<void>;
}

/** DynamoDB alone, on a free port: what tests of adapters need. */
export async function startDynamoDb(options: { readonly clock?: { now(): number } } = {}): Promise<StartedDynamoDb> {
  const now = (): number => options.clock?.now() ?? Date.now();
  const dynamoDb = new DynamoDb({ region: 'us-east-1', accountId: '000000000000', partition: 'aws', now });
  const faults = new FaultRules();
  const calls = new Calls();
  const endpoint = new Endpoint({ port: 0, now, services: [dynamoDb], faults, calls });
  await dynamoDb.start();
  await endpoint.start();
  let tables = 0;
  return {
    endpoint: endpoint.url,
    faults,
    calls,
    dynamoDb,
    createTable: async (properties) => {
      tables += 1;
      const type = Array.isArray(properties.Replicas) ? 'AWS::DynamoDB::GlobalTable' : 'AWS::DynamoDB::Table';
      const name = tableRequest(type, properties, `table-${tables}`, 'us-east-1').create.TableName as string;
      await dynamoDb.provision({ key: name, stackName: 'test', logicalId: name, type, properties, generatedName: `table-${tables}` });
      return name;
    },
    stop: async () => {
      await endpoint.stop();
      await dynamoDb.stop();
    },
  };
}

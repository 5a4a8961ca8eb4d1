import {
  BatchWriteItemCommand, DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, TransactWriteItemsCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { conditionsHold } from '../../../local/services/iam/conditions';
import { evaluate } from '../../../local/services/iam/evaluate';
import { Statement } from '../../../local/services/iam/model';
import { plainTable, tableWithIndex } from './support/dynamodb';
import { account, principal, ServicesBench, settings, startServices } from './support/services';

const allow = (Action: string | string[], Resource: string | string[], Condition?: Statement['Condition']): Statement =>
  ({ Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) });

describe('calls of functions are judged by their role', () => {
  let bench: ServicesBench;
  let table: string;
  let arn: string;
  const clients: { destroy(): void }[] = [];
  let count = 0;

  beforeAll(async () => {
    bench = await startServices();
    const made = await bench.create('AWS::DynamoDB::Table', { ...tableWithIndex(), TableName: 'users' });
    table = made.ref;
    arn = made.attributes.Arn as string;
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await bench.services.stop();
  });

  /** The client of a function whose role has these statements. */
  async function as(...statements: Statement[]): Promise<DynamoDBClient> {
    count += 1;
    const role = await bench.create('AWS::IAM::Role', { AssumeRolePolicyDocument: {} }, `Role${count}`);
    await bench.create('AWS::IAM::Policy', { PolicyName: 'p', PolicyDocument: { Statement: statements }, Roles: [role.ref] }, `Policy${count}`);
    const caller = principal(role.attributes.Arn as string, `Caller${count}`);
    bench.services.registerPrincipal(caller);
    const client = new DynamoDBClient(settings(bench.services, caller.accessKeyId));
    clients.push(client);
    return client;
  }

  const put = (pk: string) => new PutItemCommand({ TableName: table, Item: { pk: { S: pk } } });
  const get = (pk: string) => new GetItemCommand({ TableName: table, Key: { pk: { S: pk } } });
  const denied = { name: 'AccessDeniedException' };

  test('what the role allows passes, anything else is refused in the words of AWS', async () => {
    const client = await as(allow('dynamodb:GetItem', arn));
    await expect(client.send(get('a'))).resolves.toBeDefined();
    await expect(client.send(put('a'))).rejects.toMatchObject({
      ...denied,
      message: `User: arn:aws:sts::${account.accountId}:assumed-role/Stack-Role1-ABCDEFGHIJKL/Caller1-fn is not authorized to perform: `
        + `dynamodb:PutItem on resource: ${arn} because no identity-based policy allows the dynamodb:PutItem action`,
    });
    expect(bench.services.calls.list({ caller: 'Caller1', operation: 'PutItem' })).toMatchObject([{ error: 'AccessDeniedException', resource: 'users' }]);
  });

  test('a person whose key belongs to no function is not restricted', async () => {
    const client = new DynamoDBClient(settings(bench.services));
    clients.push(client);
    await expect(client.send(put('a'))).resolves.toBeDefined();
  });

  test('the other table, and the index without its own ARN, are refused', async () => {
    const other = await bench.create('AWS::DynamoDB::Table', { ...plainTable, TableName: 'others' }, 'Others');
    const client = await as(allow(['dynamodb:Query', 'dynamodb:GetItem'], arn));
    await expect(client.send(new GetItemCommand({ TableName: other.ref, Key: { pk: { S: 'a' } } }))).rejects.toMatchObject(denied);
    const query = new QueryCommand({ TableName: table, IndexName: 'by-owner', KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' }, ExpressionAttributeValues: { ':o': { S: 'o' } } });
    await expect(client.send(query)).rejects.toMatchObject(denied);
    await expect((await as(allow('dynamodb:Query', `${arn}/index/*`))).send(query)).resolves.toBeDefined();
  });

  test('a transaction needs the action of each of its items', async () => {
    const write = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: table, Item: { pk: { S: 'tx' } } } },
        { ConditionCheck: { TableName: table, Key: { pk: { S: 'none' } }, ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
    });
    await expect((await as(allow('dynamodb:PutItem', arn))).send(write)).rejects.toMatchObject({ ...denied, message: expect.stringContaining('dynamodb:ConditionCheckItem') });
    await expect((await as(allow(['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'], arn))).send(write)).resolves.toBeDefined();
  });

  test('an explicit deny by leading key guards the published keys in every kind of write', async () => {
    const client = await as(
      allow('dynamodb:*', arn),
      {
        Effect: 'Deny',
        Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
        Resource: arn,
        Condition: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['KEYS#*'] } },
      },
    );
    const key = { pk: { S: 'KEYS#signing' } };
    const refusal = { ...denied, message: expect.stringContaining('with an explicit deny in an identity-based policy') };
    await expect(client.send(put('U#1'))).resolves.toBeDefined();
    await expect(client.send(get('KEYS#signing'))).resolves.toBeDefined();
    await expect(client.send(put('KEYS#signing'))).rejects.toMatchObject(refusal);
    await expect(client.send(new DeleteItemCommand({ TableName: table, Key: key }))).rejects.toMatchObject(refusal);
    await expect(client.send(new UpdateItemCommand({ TableName: table, Key: key, UpdateExpression: 'REMOVE x' }))).rejects.toMatchObject(refusal);
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: table, Item: { pk: { S: 'U#2' } } } }, { Delete: { TableName: table, Key: key } }] })))
      .rejects.toMatchObject(refusal);
    await expect(client.send(new BatchWriteItemCommand({ RequestItems: { [table]: [{ PutRequest: { Item: { pk: { S: 'U#3' } } } }, { PutRequest: { Item: key } }] } })))
      .rejects.toMatchObject(refusal);
  });

  test('a permissions boundary limits what the role allows', async () => {
    const boundary = await bench.create('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: allow('dynamodb:GetItem', '*') } }, 'Boundary');
    const role = await bench.create('AWS::IAM::Role', {
      PermissionsBoundary: boundary.ref, Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [allow('dynamodb:*', '*')] } }],
    }, 'Limited');
    const caller = principal(role.attributes.Arn as string, 'Limited');
    bench.services.registerPrincipal(caller);
    const client = new DynamoDBClient(settings(bench.services, caller.accessKeyId));
    clients.push(client);
    await expect(client.send(get('a'))).resolves.toBeDefined();
    await expect(client.send(put('a'))).rejects.toMatchObject(denied);
    expect(bench.services.refusal(caller, 'dynamodb:GetItem', arn)).toBeUndefined();
    expect(bench.services.refusal(caller, 'lambda:InvokeFunction', 'arn:aws:lambda:::function:x')).toContain('lambda:InvokeFunction');
  });

  test('a role with an AWS policy that is not known here is not restricted, and that is said', async () => {
    const role = await bench.create('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/SomethingNew'] }, 'Unknown');
    expect(role.notEvaluated).toEqual(['permissions of a role with SomethingNew']);
    expect(bench.services.refusal(principal(role.attributes.Arn as string), 'dynamodb:GetItem', arn)).toBeUndefined();
    const basic = await bench.create('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] }, 'Basic');
    expect(bench.services.refusal(principal(basic.attributes.Arn as string), 'dynamodb:GetItem', arn)).toBeDefined();
  });

  test('secrets are matched by ARN, however they are named in the call', async () => {
    const secret = await bench.create('AWS::SecretsManager::Secret', { Name: 'auth/keys', SecretString: 'value' });
    const role = await bench.create('AWS::IAM::Role', { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [allow('secretsmanager:GetSecretValue', `${secret.ref.slice(0, -6)}??????`)] } }] }, 'Reader');
    const caller = principal(role.attributes.Arn as string, 'Reader');
    bench.services.registerPrincipal(caller);
    const client = new SecretsManagerClient(settings(bench.services, caller.accessKeyId));
    clients.push(client);
    for (const SecretId of [secret.ref, 'auth/keys', secret.ref.slice(0, -7)]) {
      expect((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('value');
    }
    await expect(client.send(new PutSecretValueCommand({ SecretId: secret.ref, SecretString: 'x' }))).rejects.toMatchObject(denied);
  });
});

describe('policy evaluation', () => {
  const request = { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:eu-central-1:1:table/t', context: {} };

  test.each<[string, Statement[], string]>([
    ['nothing allows', [], 'implicit-deny'],
    ['actions match without regard to case', [allow('DynamoDB:putitem', '*')], 'allowed'],
    ['a resource does not', [allow('dynamodb:PutItem', 'arn:aws:dynamodb:eu-central-1:1:table/T')], 'implicit-deny'],
    ['a deny wins over every allow', [allow('*', '*'), { Effect: 'Deny', Action: 'dynamodb:Put*', Resource: '*' }], 'explicit-deny'],
    ['NotAction allows the others', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'allowed'],
    ['NotAction does not allow its own', [{ Effect: 'Allow', NotAction: 'dynamodb:*', Resource: '*' }], 'implicit-deny'],
    ['NotResource spares what it names', [allow('*', '*'), { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:dynamodb:*:*:table/t' }], 'allowed'],
    ['a ? stands for one character', [allow('dynamodb:Put????', '*')], 'allowed'],
    ['a dot is a dot', [allow('dynamodb.PutItem', '*')], 'implicit-deny'],
    ['a condition that fails takes the statement away', [allow('*', '*', { StringEquals: { 'kms:ViaService': 'x' } })], 'implicit-deny'],
  ])('%s', (_name, statements, decision) => {
    expect(evaluate([{ Statement: statements }], undefined, request)).toBe(decision);
  });

  test.each<[string, string, string, string | string[], string[] | undefined, boolean]>([
    ['equal', 'StringEquals', 'aws:SourceAccount', ['1', '2'], ['2'], true],
    ['keys without regard to case', 'StringEquals', 'AWS:sourceaccount', '2', ['2'], true],
    ['absent fails', 'StringEquals', 'aws:SourceAccount', '1', undefined, false],
    ['absent passes IfExists', 'StringEqualsIfExists', 'aws:SourceAccount', '1', undefined, true],
    ['unequal', 'StringNotEquals', 'aws:SourceAccount', ['1', '2'], ['3'], true],
    ['unequal to none of them', 'StringNotEquals', 'aws:SourceAccount', ['1', '2'], ['2'], false],
    ['absent is unequal', 'StringNotLike', 'aws:SourceAccount', '1*', undefined, true],
    ['all of several', 'ForAllValues:StringLike', 'dynamodb:LeadingKeys', ['U#*'], ['U#1', 'U#2'], true],
    ['not all of several', 'ForAllValues:StringLike', 'dynamodb:LeadingKeys', ['U#*'], ['U#1', 'KEYS#x'], false],
    ['all of none', 'ForAllValues:StringLike', 'dynamodb:LeadingKeys', ['U#*'], undefined, true],
    ['any of several', 'ForAnyValue:StringLike', 'dynamodb:LeadingKeys', ['KEYS#*'], ['U#1', 'KEYS#x'], true],
    ['any of none', 'ForAnyValue:StringLike', 'dynamodb:LeadingKeys', ['KEYS#*'], undefined, false],
    ['any that is unlike', 'ForAnyValue:StringNotLike', 'dynamodb:LeadingKeys', ['KEYS#*'], ['KEYS#x', 'U#1'], true],
    ['all that are unlike', 'ForAllValues:StringNotLike', 'dynamodb:LeadingKeys', ['KEYS#*'], ['KEYS#x', 'U#1'], false],
    ['null asks for absence', 'Null', 'aws:SourceArn', 'true', undefined, true],
    ['null asks for presence', 'Null', 'dynamodb:LeadingKeys', 'false', undefined, false],
    ['null is given presence', 'Null', 'dynamodb:LeadingKeys', 'false', ['U#1'], true],
    ['Bool', 'Bool', 'aws:SecureTransport', 'true', ['true'], true],
    ['ARNs by pattern', 'ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:1:*', ['arn:aws:sns:r:1:t'], true],
    ['numbers', 'NumericLessThan', 'aws:Age', '10', ['9'], true],
    ['an unknown operator never holds', 'Resembles', 'aws:Age', '10', ['10'], false],
  ])('%s', (_name, operator, key, expected, actual, holds) => {
    const statement: Statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: { [operator]: { [key]: expected } } };
    const name = key.toLowerCase() === 'aws:sourceaccount' ? 'aws:SourceAccount' : key;
    expect(conditionsHold(statement, actual ? { [name]: actual } : {})).toBe(holds);
  });
});

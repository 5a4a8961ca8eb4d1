import {
  GetAliasCommand, GetFunctionCommand, GetFunctionConfigurationCommand, InvokeCommand, LambdaClient, ListAliasesCommand, ListFunctionsCommand,
  ListVersionsByFunctionCommand, UpdateAliasCommand, UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { LocalInstance } from '../../local/instance';
import { inlineFunction, startApp, stopApps } from './support/app';

let instance: LocalInstance;
let client: LambdaClient;
beforeAll(async () => {
  const version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Admin' } } };
  instance = await startApp({
    App: {
      Resources: {
        Admin: inlineFunction('exports.handler = async () => process.env.AWS_LAMBDA_FUNCTION_VERSION;', {
          FunctionName: 'admin', Description: 'Administers users and keys', LoggingConfig: { LogFormat: 'JSON', LogGroup: 'admin-logs' },
        }),
        One: version,
        Two: { ...version, DependsOn: 'One' },
        Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Admin' }, Name: 'live', FunctionVersion: { 'Fn::GetAtt': ['Two', 'Version'] } } },
      },
    },
  });
  client = new LambdaClient({ endpoint: instance.servicesUrl, region: instance.region, maxAttempts: 1, credentials: { accessKeyId: 'person', secretAccessKey: 'x' } });
});
afterAll(async () => {
  client.destroy();
  await stopApps();
});

const FunctionName = 'admin';

test('functions tell what they are for and where they log, as the runbook asks', async () => {
  const known = { FunctionName, Description: 'Administers users and keys', LoggingConfig: { LogFormat: 'JSON', LogGroup: 'admin-logs' } };
  expect((await client.send(new ListFunctionsCommand({}))).Functions).toMatchObject([known]);
  expect((await client.send(new GetFunctionCommand({ FunctionName }))).Configuration).toMatchObject(known);
  expect(await client.send(new GetFunctionConfigurationCommand({ FunctionName }))).toMatchObject(known);
});

test('an alias is moved to another version, and a call of it goes there', async () => {
  const invoked = async () => JSON.parse(Buffer.from((await client.send(new InvokeCommand({ FunctionName: 'admin:live' }))).Payload!).toString());
  expect((await client.send(new ListVersionsByFunctionCommand({ FunctionName }))).Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  expect(await client.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).toMatchObject({ Name: 'live', FunctionVersion: '2' });
  expect(await invoked()).toBe('2');
  expect(await client.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }))).toMatchObject({ FunctionVersion: '1' });
  expect((await client.send(new ListAliasesCommand({ FunctionName }))).Aliases).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
  expect(await invoked()).toBe('1');
});

test('what is not there is refused as Lambda does, what the instance does not have by name', async () => {
  const missing = { name: 'ResourceNotFoundException' };
  await expect(client.send(new GetAliasCommand({ FunctionName, Name: 'other' }))).rejects.toMatchObject(missing);
  await expect(client.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '9' }))).rejects.toMatchObject(missing);
  await expect(client.send(new ListVersionsByFunctionCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject(missing);
  await expect(client.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 512 }))).rejects.toThrow('PUT /2015-03-31/functions/admin/configuration is not available');
});

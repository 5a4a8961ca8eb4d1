import {
  DeleteParameterCommand, DescribeParametersCommand, GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, PutParameterCommand, SSMClient,
} from '@aws-sdk/client-ssm';
import { principal, ServicesBench, settings, startServices } from './support/services';

let bench: ServicesBench;
let client: SSMClient;
beforeAll(async () => {
  bench = await startServices();
  client = new SSMClient(settings(bench.services));
});
afterAll(async () => {
  client.destroy();
  await bench.services.stop();
});

const put = (Name: string, Value: string, more: object = {}) => client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));

describe('parameters', () => {
  test('versions, by name, selector and ARN', async () => {
    await put('/auth/api', 'one');
    await expect(put('/auth/api', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect((await put('/auth/api', 'two', { Overwrite: true })).Version).toBe(2);
    const value = async (Name: string) => (await client.send(new GetParameterCommand({ Name }))).Parameter?.Value;
    expect([await value('/auth/api'), await value('/auth/api:1'), await value('arn:aws:ssm:eu-central-1:111122223333:parameter/auth/api')]).toEqual(['two', 'one', 'two']);
    await expect(value('/missing')).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(value('/auth/api:9')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('several at once, by path in pages, and deletion', async () => {
    for (const name of ['/p/a', '/p/b', '/p/deep/c', '/q/d']) await put(name, name);
    const some = await client.send(new GetParametersCommand({ Names: ['/p/a', '/nothing'] }));
    expect([some.Parameters?.length, some.InvalidParameters]).toEqual([1, ['/nothing']]);
    const below = async (more: object) => client.send(new GetParametersByPathCommand({ Path: '/p', ...more }));
    expect((await below({})).Parameters?.map(({ Name }) => Name)).toEqual(['/p/a', '/p/b']);
    const first = await below({ Recursive: true, MaxResults: 2 });
    const second = await below({ Recursive: true, MaxResults: 2, NextToken: first.NextToken });
    expect([...first.Parameters!, ...second.Parameters!].map(({ Name }) => Name)).toEqual(['/p/a', '/p/b', '/p/deep/c']);
    await client.send(new DeleteParameterCommand({ Name: '/q/d' }));
    expect((await client.send(new DescribeParametersCommand({ MaxResults: 50 }))).Parameters?.map(({ Name }) => Name)).not.toContain('/q/d');
  });

  test('of a template', async () => {
    const made = await bench.create('AWS::SSM::Parameter', { Name: '/t/list', Type: 'StringList', Value: ['a', 'b'] });
    expect(made).toEqual({ ref: '/t/list', attributes: { Type: 'StringList', Value: 'a,b' } });
    expect(bench.services.parameterValue('/t/list')).toBe('a,b');
    expect(bench.services.parameterValue('/t/none')).toBeUndefined();
    expect((await bench.create('AWS::SSM::Parameter', { Type: 'String', Value: 'v' }, 'Unnamed')).ref).toBe('CFN-Stack-Unnamed-ABCDEFGHIJKL');
  });
});

test('GetCallerIdentity tells a function its role, and a person the account', async () => {
  const caller = principal('arn:aws:iam::111122223333:role/login-role', 'Login');
  bench.services.registerPrincipal(caller);
  const ask = async (accessKeyId: string) => (await fetch(bench.services.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/eu-central-1/sts/aws4_request, SignedHeaders=host, Signature=0` },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  })).text();
  expect(await ask(caller.accessKeyId)).toContain('<Arn>arn:aws:sts::111122223333:assumed-role/login-role/Login-fn</Arn>');
  expect(await ask('person')).toContain('<Arn>arn:aws:iam::111122223333:root</Arn>');
});

test('mail is captured, not sent', async () => {
  const answer = await fetch(`${bench.services.url}/v2/email/outbound-emails`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ FromEmailAddress: 'auth@example.com', Destination: { ToAddresses: ['a@example.com'] }, Content: { Simple: { Subject: { Data: 'hi' } } } }),
  });
  const { MessageId: id } = await answer.json() as { MessageId: string };
  expect(bench.services.mails()).toMatchObject([{ id, from: 'auth@example.com', to: ['a@example.com'], content: { Simple: { Subject: { Data: 'hi' } } } }]);
});

test('the instance names its endpoints as the SDK does, and the types it creates', () => {
  expect(bench.services.endpointNames).toEqual(['DYNAMODB', 'SECRETS_MANAGER', 'SSM', 'SQS', 'KMS', 'SESV2', 'CLOUDWATCH_LOGS', 'CLOUDFRONT', 'STS']);
  expect([bench.services.supports('AWS::KMS::Key'), bench.services.supports('AWS::S3::Bucket')]).toEqual([true, false]);
});

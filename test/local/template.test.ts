import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assemblyOf, inlineFunction, startApp, stopApps, temporaryDirectory, TemplateJson } from './support/app';

afterAll(stopApps);

/** Answers as CDK's own provider entry point does: https.request with the host and path of ResponseURL, nothing else. */
const provider = `const https = require('https');
exports.handler = (event, context) => new Promise((resolve) => {
  const url = new URL(event.ResponseURL);
  const fail = event.ResourceProperties.Fail === 'true';
  const body = JSON.stringify({ Status: fail ? 'FAILED' : 'SUCCESS', Reason: 'the reason\\nsecond line', PhysicalResourceId: 'physical-1', StackId: event.StackId, RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId, Data: { Doubled: Number(event.ResourceProperties.Number) * 2, Type: event.RequestType, Kind: typeof event.ResourceProperties.Number } });
  const request = https.request({ hostname: url.hostname, path: url.pathname, method: 'PUT', headers: { 'content-length': Buffer.byteLength(body) } }, () => resolve());
  request.end(body);
});`;
const cfnResponse = 'const response = require("cfn-response"); exports.handler = (event, context) => response.send(event, context, response.SUCCESS, { Answer: "by module" });';

const customResource = (token: string, properties: Record<string, unknown> = {}): TemplateJson => ({ Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': [token, 'Arn'] }, ...properties } });

test('custom resources: properties as text, Data for GetAtt, answers over https with a host only and by cfn-response', async () => {
  const instance = await startApp({
    Custom: {
      Resources: {
        Provider: inlineFunction(provider), Inline: inlineFunction(cfnResponse),
        Thing: customResource('Provider', { Number: 21 }), Other: customResource('Inline'),
        After: inlineFunction('exports.handler = async () => process.env;', { Environment: { Variables: { DOUBLED: { 'Fn::GetAtt': ['Thing', 'Doubled'] }, ID: { Ref: 'Thing' } } } }),
      },
      Outputs: { Kind: { Value: { 'Fn::GetAtt': ['Thing', 'Kind'] } }, Type: { Value: { 'Fn::GetAtt': ['Thing', 'Type'] } }, Answer: { Value: { 'Fn::GetAtt': ['Other', 'Answer'] } } },
    },
  });
  expect(instance.outputs.Custom).toEqual({ Kind: 'string', Type: 'Create', Answer: 'by module' });
  expect((await instance.invoke<any>('After', {})).payload).toMatchObject({ DOUBLED: '42', ID: 'physical-1' });
});

test('stacks hand values on by exports, parameters and SSM parameters', async () => {
  const instance = await startApp({
    Producer: {
      Resources: { Shared: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/shared/name', Value: 'from ssm' } } },
      Outputs: { Out: { Value: 'exported', Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Out' } } } },
    },
    Consumer: {
      Parameters: {
        Given: { Type: 'String' }, Kept: { Type: 'Number', Default: 3 }, FromSsm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shared/name' },
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      },
      Conditions: { Never: { 'Fn::Equals': [{ Ref: 'Given' }, 'nothing'] } },
      Resources: {
        Skipped: { Type: 'AWS::SQS::Queue', Condition: 'Never' },
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Name: 'x' } }, Second: { Type: 'AWS::CloudWatch::Alarm', Properties: {} },
      },
      Outputs: {
        All: { Value: { 'Fn::Join': [',', [{ 'Fn::ImportValue': 'Producer:Out' }, { Ref: 'Given' }, { Ref: 'Kept' }, { Ref: 'FromSsm' }, '{{resolve:ssm:/shared/name}}']] } },
        AlarmArn: { Value: { 'Fn::GetAtt': ['Alarm', 'Arn'] } },
        Gone: { Condition: 'Never', Value: { Ref: 'Skipped' } },
      },
    },
  }, { parameters: { Given: 'given' } });
  expect(instance.outputs.Consumer).toEqual({
    All: 'exported,given,3,from ssm,from ssm', AlarmArn: expect.stringMatching(/^arn:aws:cloudwatch:us-east-1:123456789012:Consumer-Alarm-/),
  });
  expect(instance.notEvaluated).toEqual([{ type: 'AWS::CloudWatch::Alarm', logicalId: 'Alarm' }, { type: 'AWS::CloudWatch::Alarm', logicalId: 'Second' }]);
});

test('--stack runs a stack with what it depends on, and not the others', async () => {
  const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
  const assembly = assemblyOf({ First: { Resources: { Queue: queue } }, Second: { Resources: { Queue: queue } }, Third: { Resources: { Queue: queue } } });
  const instance = await startApp(assembly, { stacks: ['Second'] });
  expect(Object.keys(instance.outputs)).toEqual(['First', 'Second']);
});

test('a nested stack is found without metadata of its assets, at any depth, and its functions too', async () => {
  const nested = (file: string) => ({
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL: { 'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/cdk-assets-', { Ref: 'AWS::AccountId' }, `/prefix/${file}`]] }, Parameters: { Name: 'given' } },
  });
  const inner = {
    Parameters: { Name: { Type: 'String' } },
    Resources: {
      F: inlineFunction('exports.handler = async () => process.env.NAME;', { Environment: { Variables: { NAME: { Ref: 'Name' } } } }),
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'inner' } },
    },
    Outputs: { Name: { Value: { Ref: 'Name' } } },
  };
  const middle = { Parameters: { Name: { Type: 'String' } }, Resources: { Inner: nested('inner.json') }, Outputs: { Name: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Name'] } } } };
  const outer = {
    Resources: { Middle: nested('middle.json'), Elsewhere: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.amazonaws.com/somebody/template.json' } } },
    Outputs: { Name: { Value: { 'Fn::GetAtt': ['Middle', 'Outputs.Name'] } }, Other: { Value: { 'Fn::GetAtt': ['Elsewhere', 'Outputs.Other'] } } },
  };
  const assembly = assemblyOf({ Outer: outer });
  const files = Object.fromEntries(Object.entries({ middle, inner }).map(([name, template]) => {
    writeFileSync(path.join(assembly, `${name}.nested.template.json`), JSON.stringify(template));
    return [name, { source: { path: `${name}.nested.template.json` }, destinations: { here: { objectKey: `prefix/${name}.json` } } }];
  }));
  writeFileSync(path.join(assembly, 'Outer.assets.json'), JSON.stringify({ files }));
  const manifest = JSON.parse(readFileSync(path.join(assembly, 'manifest.json'), 'utf8'));
  manifest.artifacts['Outer.assets'] = { type: 'cdk:asset-manifest', properties: { file: 'Outer.assets.json' } };
  writeFileSync(path.join(assembly, 'manifest.json'), JSON.stringify(manifest));
  const instance = await startApp(assembly);
  expect(instance.outputs.Outer).toMatchObject({ Name: 'given' });
  expect((await instance.invoke('F', {})).payload).toBe('given');
  expect(instance.apis.map(({ name }) => name)).toEqual(['inner']);
  expect(instance.notEvaluated).toEqual([{ type: 'AWS::CloudFormation::Stack', logicalId: 'Elsewhere', part: 'template that is not among the assets' }]);
});

test('a custom resource that needs what the instance lacks is named and does not stop the app', async () => {
  const failing = (reason: string) => inlineFunction(`exports.handler = async () => { throw new Error(${JSON.stringify(reason)}); };`);
  const instance = await startApp({
    App: {
      Resources: {
        Python: inlineFunction('def handler(event, context): pass', { Runtime: 'python3.13' }),
        OfPython: customResource('Python'),
        Sdk: failing("Cannot find module '@aws-sdk/client-sfn'"),
        OfSdk: customResource('Sdk'),
        Away: failing('S3 ListBuckets is not available in the local instance'),
        OfAway: customResource('Away'),
        Broken: failing('never called'),
        Empties: { ...customResource('Broken') as object, Type: 'Custom::S3AutoDeleteObjects' },
      },
      Outputs: { Value: { Value: { 'Fn::GetAtt': ['OfSdk', 'Value'] } } },
    },
  });
  expect(instance.notEvaluated.filter(({ logicalId }) => logicalId !== 'Python').map(({ logicalId, part }) => [logicalId, part])).toEqual([
    ['OfPython', 'its function, which does not run here'],
    ['OfSdk', 'its function, which takes @aws-sdk/client-sfn from Lambda\'s runtime'],
    ['OfAway', 'its function, which calls a service that is not here'],
    ['Empties', 'what it acts on'],
  ]);
  expect(instance.outputs.App!.Value).toEqual(expect.any(String));
});

describe('what cannot start says why in one line', () => {
  const start = (template: TemplateJson) => startApp({ Broken: template });
  test.each([
    ['a reference to nothing', { Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Nobody' } } } } }, 'stack Broken: A refers to Nobody, which the template does not have'],
    ['a missing parameter', { Parameters: { P: { Type: 'String' } }, Resources: {} }, 'stack Broken: parameter P has no default, give it with --parameter P=VALUE'],
    ['an import of nothing', { Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::ImportValue': 'x' } } } } }, 'stack Broken imports x, which no stack of the app exports'],
    ['a custom resource that fails', { Resources: { Provider: inlineFunction(provider), Thing: customResource('Provider', { Fail: true }) } }, 'stack Broken: custom resource Thing failed: the reason'],
    ['a provider that throws', { Resources: { Provider: inlineFunction('exports.handler = async () => { throw new Error("boom"); };'), Thing: customResource('Provider') } }, 'stack Broken: custom resource Thing: its function failed: boom'],
    ['an environment over 4 KB', { Resources: { F: inlineFunction('', { Environment: { Variables: { A: 'x'.repeat(5000) } } }) } }, 'stack Broken: function F: its environment variables are over the 4 KB that Lambda allows'],
    ['a resource without a type', { Resources: { F: {} } }, 'Broken.template.json: resource F has no Type'],
  ])('%s', async (_, template, message) => {
    const error: Error = await start(template as TemplateJson).then(() => { throw new Error('it started'); }, (reason: Error) => reason);
    expect(error.message).toMatch(message);
    expect(error.name).toBe('UserError');
    expect(error.message).not.toContain('\n');
  });

  test('a directory that is no assembly, a manifest that is no JSON', async () => {
    const directory = temporaryDirectory();
    await expect(startApp(directory)).rejects.toThrow('is not a cloud assembly (it has no manifest.json): run "npx cdk synth" first');
    writeFileSync(path.join(directory, 'manifest.json'), '{');
    await expect(startApp(directory)).rejects.toThrow('manifest.json is not valid JSON');
    await expect(startApp(path.join(directory, 'none'))).rejects.toThrow('does not exist: run "npx cdk synth" first');
  });
});

import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { changedClaims, replacedIds } from '../../scripts/settings/replacement';
import type { Made } from '../../scripts/settings/resources';
import type { AuthServiceProps } from '../../src';
import { AuthApi, AuthService } from '../../src';
import { domainIn } from '../construct/support/fronts';
import { read } from '../package/support/repository';

const PAGE = read('docs/moving.md');

/** How the page calls a resource that is replaced. */
const PHRASES: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'alarms',
  'AWS::CloudWatch::CompositeAlarm': 'the composite alarm',
  'AWS::CloudWatch::Dashboard': 'the dashboard',
  'AWS::Logs::LogGroup': "the firewall's log group",
  'AWS::ApiGateway::DomainName': 'the host name of API Gateway',
  'AWS::ApiGateway::BasePathMapping': 'its mapping',
  'AWS::Route53::RecordSet': 'its DNS records',
};

/** The cells of the row whose first cell begins so. */
function row(beginning: string): string[] {
  const lines = PAGE.split('\n').filter((line) => line.startsWith(`| ${beginning}`));
  expect(lines).toHaveLength(1);
  return lines[0]!.split('|').slice(1, -1).map((cell) => cell.trim());
}

function made(make: (stack: Stack) => void, stack = new Stack(new App(), 'Stack')): Record<string, Made> {
  make(stack);
  const children = stack.node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child));
  return Object.assign({}, ...children.map((child) => {
    const { Resources } = stack.resolve(child._toCloudFormation()) as { Resources: Record<string, Partial<Made>> };
    return Object.fromEntries(Object.entries(Resources).map(([id, resource]) => [id, { Properties: {}, ...resource }]));
  }));
}
const service = (props: AuthServiceProps | ((stack: Stack) => AuthServiceProps) = {}, id = 'Auth') =>
  made((stack) => new AuthService(stack, id, typeof props === 'function' ? props(stack) : props));
const hosted = (domainName: string) =>
  service((stack) => ({ api: AuthApi.rest({ customDomain: { ...domainIn(stack, 'eu-central-1'), domainName } }) }));

/** What holds data or keys, by logical id. */
const dataOf = (resources: Record<string, Made>) =>
  Object.keys(resources).filter((id) => ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret'].includes(resources[id]!.Type)).sort();

describe('docs/moving.md is what the templates say', () => {
  test.each<[string, Record<string, Made>, Record<string, Made>, string | undefined]>([
    ['`serviceName`', service({ serviceName: 'shop' }), service({ serviceName: 'store' }), 'acceptedAudiences'],
    ['host name', hosted('auth.example.com'), hosted('login.example.com'), 'acceptedIssuers'],
  ])('%s: what is replaced, and which list keeps tokens good', (change, before, after, accepted) => {
    const types = new Set(replacedIds(before, after).map((id) => before[id]!.Type));
    const [, replaced, , tokens] = row(change);
    expect(replaced!.split(', ')).toEqual(Object.keys(PHRASES).filter((type) => types.has(type)).map((type) => PHRASES[type]));
    expect([...types].filter((type) => PHRASES[type] === undefined)).toEqual([]);
    expect(changedClaims(before, after)).toEqual([expect.stringContaining(`tokens.${accepted}`)]);
    expect(tokens).toContain(`tokens.${accepted}`);
    expect(dataOf(after)).toEqual(dataOf(before));
  });

  test('the log group that a name replaces is the firewall\'s, and it is kept', () => {
    const before = service({ serviceName: 'shop' });
    const groups = replacedIds(before, service({ serviceName: 'store' })).filter((id) => before[id]!.Type === 'AWS::Logs::LogGroup');
    expect(groups.map((id) => before[id]!.Properties.LogGroupName)).toEqual([{ 'Fn::Join': ['-', ['aws-waf-logs-shop', expect.anything()]] }]);
    expect(before[groups[0]!]).toMatchObject({ UpdateReplacePolicy: 'Retain' });
  });

  test('with the audience kept, a new name changes no token', () => {
    expect(changedClaims(service({ serviceName: 'shop' }), service({ serviceName: 'store', tokens: { audience: 'shop' } }))).toEqual([]);
  });

  test('another construct id, or a construct around it, is another service', () => {
    const before = service();
    for (const after of [service({}, 'Identity'), made((stack) => new AuthService(new Construct(stack, 'Platform'), 'Auth'))]) {
      expect(dataOf(after)).toHaveLength(dataOf(before).length);
      expect(dataOf(after).filter((id) => dataOf(before).includes(id))).toEqual([]);
    }
  });

  test('a construct around it whose id is Default is the same service, by every logical id and by its name', () => {
    const after = made((stack) => new AuthService(new Construct(stack, 'Default'), 'Auth'));
    expect(Object.keys(after).sort()).toEqual(Object.keys(service()).sort());
    expect(replacedIds(service(), after)).toEqual([]);
    expect(changedClaims(service(), after)).toEqual([]);
  });
});

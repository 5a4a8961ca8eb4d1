import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuthService } from '../../src';
import { concrete, defaults, recommendedFlags, resources, synthesize } from './support/synth';

const KINDS: [string, NonNullable<Parameters<typeof synthesize>[1]>][] = [
  ['no feature flags, any environment', {}],
  ['no feature flags, a concrete environment', { env: concrete }],
  ['the recommended feature flags, any environment', { app: { postCliContext: recommendedFlags() } }],
  ['the recommended feature flags, a concrete environment', { app: { postCliContext: recommendedFlags() }, env: concrete }],
];

const templates = KINDS.map(([name, options]) => [name, synthesize({}, options).template] as const);
const idsOf = (template: Template) => Object.keys(template.toJSON().Resources).map((id) => id.replace(/(Deployment[0-9A-F]{8}|CurrentVersion[0-9A-F]{8})[0-9a-f]{32}$/, '$1')).sort();

describe('surroundings', () => {
  test.each(templates)('%s: the same resources under the same logical ids', (_name, template) => {
    expect(idsOf(template)).toEqual(idsOf(defaults().template));
  });

  test.each(templates)('%s: no log group, role or policy beside ours', (_name, template) => {
    template.resourceCountIs('AWS::Logs::LogGroup', 12);
    template.resourceCountIs('AWS::IAM::Role', 11);
    template.resourceCountIs('Custom::LogRetention', 0);
  });
});

describe('two services in one stack', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const services = [new AuthService(stack, 'Customers'), new AuthService(stack, 'Staff')];
  const template = Template.fromStack(stack);

  test('have names of their own, at the API and in the metrics', () => {
    const names = Object.values(resources(template, 'AWS::ApiGateway::RestApi')).map(({ Properties }) => Properties.Name);
    expect(new Set(names)).toEqual(new Set(services.map(({ serviceName }) => serviceName)));
    expect(names).toHaveLength(2);
  });

  test('share no explicit name', () => {
    const named = Object.values(template.toJSON().Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>)
      .flatMap(({ Type, Properties }) => Object.entries(Properties ?? {})
        .filter(([name, value]) => /^(Name|LogGroupName|RoleName|TableName|FunctionName|AlarmName)$/.test(name) && typeof value === 'string' && Type !== 'AWS::Lambda::Alias')
        .map(([name, value]) => `${Type} ${name} ${value}`));
    expect(named.filter((entry, index) => named.indexOf(entry) !== index)).toEqual([]);
  });
});

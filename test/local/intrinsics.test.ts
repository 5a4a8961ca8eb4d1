import { inCreationOrder } from '../../local/template/graph';
import { Resolver } from '../../local/template/intrinsics';
import { Template } from '../../local/template/types';

function resolverOf(template: Template, refs: Record<string, string> = {}): Resolver {
  return new Resolver({
    stackName: 'Test',
    template,
    pseudo: { 'AWS::Region': 'eu-west-1', 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com', 'AWS::AccountId': '111122223333' },
    parameters: new Map<string, unknown>([['Size', 'big'], ['Zones', ['a', 'b']]]),
    ref: (id) => refs[id],
    attribute: (id, name) => (refs[id] === undefined ? undefined : `${refs[id]}/${name}`),
    importValue: (name) => `imported ${name}`,
    stackOutput: (stackName, name) => `${name} of ${stackName}`,
    dynamicReference: (service, reference) => `<${service} ${reference}>`,
    rewrite: (text) => text.replace('https://api.', 'http://local.'),
  });
}

describe('intrinsic functions', () => {
  const template: Template = {
    Mappings: { Sizes: { big: { memory: 1024 } } },
    Conditions: {
      IsBig: { 'Fn::Equals': [{ Ref: 'Size' }, 'big'] },
      IsSmall: { 'Fn::Not': [{ Condition: 'IsBig' }] },
      Both: { 'Fn::And': [{ Condition: 'IsBig' }, { 'Fn::Or': [{ Condition: 'IsSmall' }, { 'Fn::Equals': ['1', 1] }] }] },
    },
  };
  const resolver = resolverOf(template, { Table: 'table-name' });

  test.each([
    ['Ref of a parameter', { Ref: 'Size' }, 'big'],
    ['Ref of a resource', { Ref: 'Table' }, 'table-name'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'table-name/Arn'],
    ['GetAtt as text, dots in the attribute', { 'Fn::GetAtt': 'Table.Endpoint.Port' }, 'table-name/Endpoint.Port'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Size' }, 3]] }, 'a-big-3'],
    ['Join over a split', { 'Fn::Join': ['+', { 'Fn::Split': ['/', 'x/y'] }] }, 'x+y'],
    ['Select', { 'Fn::Select': ['1', { Ref: 'Zones' }] }, 'b'],
    ['Sub of references', { 'Fn::Sub': 'arn:${AWS::Partition}:x:${Table}:${Table.Arn}' }, 'arn:aws:x:table-name:table-name/Arn'],
    ['Sub with variables and a literal', { 'Fn::Sub': ['${Name} ${!Kept}', { Name: { Ref: 'Size' } }] }, 'big ${Kept}'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'memory'] }, 1024],
    ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'none', 'memory', { DefaultValue: 1 }] }, 1],
    ['If', { 'Fn::If': ['IsBig', 'yes', { 'Fn::GetAtt': ['Missing', 'Arn'] }] }, 'yes'],
    ['And, Or, Not', { 'Fn::If': ['Both', 1, 2] }, 1],
    ['GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Out', Region: { Ref: 'AWS::Region' } } }, 'Out of Other'],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'out-${Size}' } }, 'imported out-big'],
    ['Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['dynamic reference', 'x {{resolve:ssm:/a/b}} y', 'x <ssm /a/b> y'],
    ['URL of an API', { 'Fn::Join': ['', ['https://api.', { Ref: 'Size' }]] }, 'http://local.big'],
  ])('%s', (_, expression, expected) => {
    expect(resolver.resolve(expression)).toEqual(expected);
  });

  test('AWS::NoValue removes a property and a list element', () => {
    const value = { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: ['a', { 'Fn::If': ['IsSmall', 'b', { Ref: 'AWS::NoValue' }] }] };
    expect(resolver.resolve(value)).toEqual({ kept: 1, list: ['a'] });
  });

  test('an unknown reference is one clear line', () => {
    expect(() => resolver.resolve({ Ref: 'Nobody' })).toThrow(/^stack Test: Ref Nobody has no value/);
    expect(() => resolver.resolve({ 'Fn::Made::Up': 1 })).toThrow('Fn::Made::Up is not known');
  });
});

describe('order of creation', () => {
  const resource = (properties: Record<string, unknown>, dependsOn?: string | string[]) => ({ Type: 'T', Properties: properties, ...(dependsOn ? { DependsOn: dependsOn } : {}) });

  test('a resource comes after what it refers to, in any form, and after its DependsOn', () => {
    const template: Template = {
      Resources: {
        A: resource({ x: { 'Fn::Sub': '${B.Arn}' } }),
        B: resource({ x: [{ deep: { Ref: 'C' } }] }),
        C: resource({}, ['D']),
        D: resource({}),
      },
    };
    expect(inCreationOrder('S', template, new Set(['A', 'B', 'C', 'D']))).toEqual(['D', 'C', 'B', 'A']);
  });

  test('a circle is named', () => {
    const template: Template = { Resources: { A: resource({ x: { Ref: 'B' } }), B: resource({ x: { 'Fn::GetAtt': ['A', 'Arn'] } }) } };
    expect(() => inCreationOrder('S', template, new Set(['A', 'B']))).toThrow('circular dependency A -> B -> A');
  });
});

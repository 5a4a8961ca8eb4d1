import { CfnResource } from 'aws-cdk-lib';
import { SAMPLES } from '../../scripts/settings/samples';
import type { Constructed, Resource } from './support/synth';
import { construct } from './support/synth';

type Properties = Resource['Properties'];

/** Properties whose change replaces the resource, says its documentation. An index is replaced when its keys or its projection change. */
const REPLACED_BY: Readonly<Record<string, (properties: Properties) => unknown>> = {
  'AWS::DynamoDB::GlobalTable': ({ TableName, KeySchema, LocalSecondaryIndexes, GlobalSecondaryIndexes = [], Replicas }) => ({
    TableName,
    KeySchema,
    LocalSecondaryIndexes,
    indexes: (GlobalSecondaryIndexes as Properties[]).map(({ IndexName, KeySchema: keys, Projection }) => ({ IndexName, keys, Projection })),
    regions: (Replicas as { Region: unknown }[]).map(({ Region }) => Region),
  }),
  'AWS::SecretsManager::Secret': ({ Name }) => ({ Name }),
};

/** Resources below the service by logical id, each as it will stand in the template; without the rest of a synthesis, which takes longer. */
function made({ stack, auth }: Constructed): Record<string, Resource> {
  return Object.assign({}, ...auth.node.findAll().filter((child) => CfnResource.isCfnResource(child))
    .map((child) => stack.resolve((child as CfnResource)._toCloudFormation()).Resources));
}

function identities(constructed: Constructed): Record<string, unknown> {
  return Object.fromEntries(Object.entries(made(constructed)).filter(([, { Type }]) => REPLACED_BY[Type])
    .map(([id, { Type, Properties = {} }]) => [id, REPLACED_BY[Type]!(Properties)]));
}

describe('turning a prop on or off replaces no table and no secret', () => {
  const defaults = construct();

  test('there are five tables and two secrets', () => {
    const types = Object.values(made(defaults)).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::DynamoDB::GlobalTable')).toHaveLength(5);
    expect(types.filter((type) => type === 'AWS::SecretsManager::Secret')).toHaveLength(2);
    expect(Object.keys(identities(defaults))).toHaveLength(7);
  });

  test.each(SAMPLES.map(({ prop, code, props }) => [prop, code, props] as const))('%s: %s', (_prop, _code, props) => {
    expect(identities(construct(props))).toEqual(identities(defaults));
  });

  test.each(SAMPLES.filter(({ code }) => /highScale|canary|daily|createEndpoints|utilization|^key$/.test(code)).map(({ code, props }) => [code, props] as const))(
    '%s: whatever was there is there under its own id', (_code, props) => {
      const ids = (constructed: Constructed) => Object.entries(made(constructed))
        .filter(([, { Type }]) => !/ApiGateway::Deployment|Lambda::Version/.test(Type)).map(([id, { Type }]) => `${Type} ${id}`);
      expect(ids(construct(props))).toEqual(expect.arrayContaining(ids(defaults)));
    });
});

import { CfnResource } from 'aws-cdk-lib';
import { changes } from './support/combinations';
import type { Constructed, Resource } from './support/synth';
import { construct } from './support/synth';

type Properties = Resource['Properties'];

const only = (...names: string[]) => (properties: Properties) => Object.fromEntries(names.map((name) => [name, properties[name]]));

/**
 * What replaces a resource, or cannot be changed at all: `createOnlyProperties` of the schemas of CloudFormation (November 2026), with what they leave
 * out. DynamoDB makes an index anew when its keys or its projection change; a replica lies in its Region; KMS refuses to change what a key is.
 */
const REPLACED_BY: Readonly<Record<string, (properties: Properties) => unknown>> = {
  'AWS::DynamoDB::GlobalTable': (properties) => ({
    ...only('TableName', 'KeySchema', 'LocalSecondaryIndexes')(properties),
    indexes: ((properties.GlobalSecondaryIndexes ?? []) as Properties[]).map(only('IndexName', 'KeySchema', 'Projection')),
    regions: (properties.Replicas as { Region: unknown }[]).map(({ Region }) => Region),
  }),
  'AWS::SecretsManager::Secret': only('Name'),
  'AWS::KMS::Key': only('KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'),
  'AWS::Backup::BackupVault': only('BackupVaultName', 'EncryptionKeyArn'),
};

const resourcesOf = ({ auth }: Constructed): CfnResource[] => auth.node.findAll().filter((child) => CfnResource.isCfnResource(child));
const idOf = ({ stack }: Constructed, child: CfnResource): string => stack.resolve(child.logicalId);

/** What holds data, by logical id, each as it will stand in the template; without the rest of a synthesis, which takes longer. */
function identities(constructed: Constructed): Record<string, unknown> {
  return Object.fromEntries(resourcesOf(constructed).filter(({ cfnResourceType }) => REPLACED_BY[cfnResourceType]).map((child) => {
    const [[id, { Type, Properties = {} }]] = Object.entries<Resource>(constructed.stack.resolve(child._toCloudFormation()).Resources) as [[string, Resource]];
    return [id, { Type, ...REPLACED_BY[Type]!(Properties) as object }];
  }));
}

describe('turning a prop on or off replaces no table, no key and no secret', () => {
  const standard = construct();
  const defaults = identities(standard);
  const known = new Map(Object.entries(defaults));

  // Where KMS or a secret of the team's holds the signing keys there is none of our own: it leaves the template, is kept, and opens nothing any more.
  const { AuthSigningKeysSecret653EEDCE: signingSecret, ...withoutSigningSecret } = defaults;
  const keepsNoSigningKeys = /(?:^|; )signing keys=(?:kms|existing|encrypted)/;

  test('there are five tables and three secrets', () => {
    const types = Object.values(defaults).map((identity) => (identity as Resource).Type);
    expect(types.filter((type) => type === 'AWS::DynamoDB::GlobalTable')).toHaveLength(5);
    expect(types.filter((type) => type === 'AWS::SecretsManager::Secret')).toHaveLength(3);
    expect(types).toHaveLength(8);
    expect(signingSecret).toMatchObject({ Type: 'AWS::SecretsManager::Secret' });
  });

  // What each of them has as the defaults and as every other one have it, a change from any of them to any other one keeps.
  test.each(changes().map(({ name, props }) => [name, props] as const))('%s', (name, props) => {
    const constructed = construct(props);
    const own = identities(constructed);
    expect(own).toMatchObject(keepsNoSigningKeys.test(name) ? withoutSigningSecret : defaults);
    for (const [id, identity] of Object.entries(own)) {
      expect([id, identity]).toEqual([id, known.get(id) ?? identity]);
      known.set(id, identity);
    }
  });

  test.each(changes().filter(({ name }) => /^(preset=highScale|deployment=canary|backups=daily|network=endpoints|provisioned concurrency=use|encryption key=key)$/.test(name)).map(({ name, props }) => [name, props] as const))(
    '%s: whatever was there is there under its own id', (_name, props) => {
      const ids = (constructed: Constructed) => resourcesOf(constructed)
        .filter(({ cfnResourceType }) => !/ApiGateway::Deployment|Lambda::Version/.test(cfnResourceType)).map((child) => `${child.cfnResourceType} ${idOf(constructed, child)}`);
      expect(ids(construct(props))).toEqual(expect.arrayContaining(ids(standard)));
    });
});

import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { changedClaims, identityOf, replacedTypes } from '../../scripts/settings/replacement';
import type { Made } from '../../scripts/settings/resources';
import { SAMPLES } from '../../scripts/settings/samples';
import { changes } from './support/combinations';
import type { Constructed, Resource } from './support/synth';
import { construct } from './support/synth';

/** What holds data, or the keys to it. */
const HOLDS_DATA: readonly string[] = ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret', 'AWS::KMS::Key', 'AWS::Backup::BackupVault'];

const resourcesOf = ({ auth }: Constructed): CfnResource[] => auth.node.findAll().filter((child) => CfnResource.isCfnResource(child));
const idOf = ({ stack }: Constructed, child: CfnResource): string => stack.resolve(child.logicalId);

/** Each as it will stand in the template, by logical id; without the rest of a synthesis, which takes longer. */
function madeOf(constructed: Constructed): Record<string, Made> {
  return Object.fromEntries(resourcesOf(constructed).map((child) => {
    const [[id, { Type, Properties = {} }]] = Object.entries<Resource>(constructed.stack.resolve(child._toCloudFormation()).Resources) as [[string, Resource]];
    return [id, { Type, Properties }];
  }));
}

const identities = (made: Record<string, Made>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(made).filter(([, { Type }]) => HOLDS_DATA.includes(Type)).map(([id, one]) => [id, identityOf(one)]));

describe('what makes a resource the one that it is', () => {
  test.each<[string, Made, Record<string, unknown>]>([
    ['an alarm', { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'a', Threshold: 1 } }, { AlarmName: 'a' }],
    ['a secret', { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'a', Description: 'b' } }, { Name: 'a' }],
    ['a key', { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'RSA_2048', Description: 'b' } }, { KeySpec: 'RSA_2048' }],
    ['a table', { Type: 'AWS::DynamoDB::GlobalTable', Properties: {
      TableName: 'a', KeySchema: ['k'], BillingMode: 'b', GlobalSecondaryIndexes: [{ IndexName: 'i', WriteProvisionedThroughputSettings: {} }], Replicas: [{ Region: 'r', Tags: [] }],
    } }, { TableName: 'a', KeySchema: ['k'], indexes: [{ IndexName: 'i' }], regions: ['r'] }],
    ['a vault', { Type: 'AWS::Backup::BackupVault', Properties: { BackupVaultName: 'a', EncryptionKeyArn: 'k', BackupVaultTags: {} } }, { BackupVaultName: 'a', EncryptionKeyArn: 'k' }],
  ])('%s', (_what, made, identity) => {
    expect(JSON.parse(JSON.stringify(identityOf(made)))).toEqual({ Type: made.Type, ...identity });
  });
});

describe('turning a prop on or off replaces no table, no key and no secret', () => {
  const standard = construct();
  const everything = madeOf(standard);
  const defaults = identities(everything);
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

  /** What docs/settings.md says that a change of this prop replaces, and which claims it gives another value. */
  const said = new Map<string, Set<string>>();
  const saidOf = (prop: string): Set<string> => {
    const effects = said.get(prop) ?? new Set(SAMPLES.filter((sample) => sample.prop === prop || sample.prop.startsWith(`${prop}.`)).flatMap(({ props }) => effectsOf(madeOf(construct(props)))));
    said.set(prop, effects);
    return effects;
  };
  const effectsOf = (made: Record<string, Made>): string[] => [...replacedTypes(everything, made).keys(), ...changedClaims(everything, made)];

  test('another name replaces alarms, the dashboard and the log group of the firewall, and is another audience; nothing else replaces more than a link', () => {
    expect(Object.fromEntries([...new Set(SAMPLES.map(({ prop }) => prop.split('.')[0]!))].map((prop) => [prop, [...saidOf(prop)].sort()]).filter(([, effects]) => effects!.length > 0))).toEqual({
      serviceName: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::Dashboard', 'AWS::Logs::LogGroup', expect.stringMatching(/^`aud`/)],
      tokens: [expect.stringMatching(/^`aud`/), expect.stringMatching(/^`iss`/)],
      api: [expect.stringMatching(/^`iss`/)],
      firewall: ['AWS::WAFv2::WebACLAssociation'],
    });
  });

  // What each of them has as the defaults and as every other one have it, a change from any of them to any other one keeps.
  test.each(changes().map(({ name, props }) => [name, props] as const))('%s', (name, props) => {
    const made = madeOf(construct(props));
    const own = identities(made);
    expect(own).toMatchObject(keepsNoSigningKeys.test(name) ? withoutSigningSecret : defaults);
    for (const [id, identity] of Object.entries(own)) {
      expect([id, identity]).toEqual([id, known.get(id) ?? identity]);
      known.set(id, identity);
    }
    // AND what else is replaced is what docs/settings.md says of the props that changed
    const replaced = effectsOf(made);
    const changed = replaced.length === 0 ? [] : Object.keys(props(new Stack(new App(), 'Stack')));
    expect(replaced.filter((effect) => !changed.some((prop) => saidOf(prop).has(effect)))).toEqual([]);
  });

  test.each(changes().filter(({ name }) => /^(preset=highScale|deployment=canary|backups=daily|network=endpoints|provisioned concurrency=use|encryption key=key)$/.test(name)).map(({ name, props }) => [name, props] as const))(
    '%s: whatever was there is there under its own id', (_name, props) => {
      const ids = (constructed: Constructed) => resourcesOf(constructed)
        .filter(({ cfnResourceType }) => !/ApiGateway::Deployment|Lambda::Version/.test(cfnResourceType)).map((child) => `${child.cfnResourceType} ${idOf(constructed, child)}`);
      expect(ids(construct(props))).toEqual(expect.arrayContaining(ids(standard)));
    });
});

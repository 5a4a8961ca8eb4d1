import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, RemovalPolicies, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { AuthServiceProps } from '../../src';
import { AccessLogs, AuthApi, AuthPreset, AuthService, FunctionDeployment, TableBackups } from '../../src';
import { SUBJECTS, writeTemplates } from './support/catalogue';
import { bare } from './support/fronts';
import { expectReviewed } from './support/reviewed';
import type { Resource } from './support/synth';
import { resource, resources, synthesize } from './support/synth';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const VAULT = 'AWS::Backup::BackupVault';

const all = (template: Template) => Object.entries(template.toJSON().Resources as Record<string, Resource>);
const outlives = ({ DeletionPolicy }: Resource) => (DeletionPolicy ?? 'Delete') !== 'Delete';

/** What names a resource where its owner may choose: the names that other resources have, or that CloudFormation makes up, are no such. */
function namesOf({ Properties = {} }: Resource): [string, unknown][] {
  return Object.entries(Properties).filter(([member, value]) => /(?:^|[a-z])(?:Name|Identifier)$|^Name$/.test(member) && isOwn(value));
}

/** Not a reference to another resource, whose own name this is then. */
const isOwn = (value: unknown) => !(typeof value === 'object' && value !== null && ('Ref' in value && !String(value.Ref).startsWith('AWS::') || 'Fn::GetAtt' in value));

/** Whether the same template deployed again under the same name, or beside itself, would ask for another name. */
const isNewEachTime = (value: unknown) => JSON.stringify(value).includes('"AWS::StackId"');

describe('DP-01 what outlives its stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'retained-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(SUBJECTS.map(({ name, build }) => [name, build] as const))('%s: has no name that a second stack would want', (name, build) => {
    const clashing = writeTemplates(folder, name, build).flatMap(({ stackName, template }) => Object.entries(template.Resources)
      .filter(([, each]) => outlives(each))
      .flatMap(([id, each]) => namesOf(each).filter(([, value]) => !isNewEachTime(value)).map(([member, value]) => `${stackName} ${id} ${member} ${JSON.stringify(value)}`)));
    expect(clashing).toEqual([]);
  });

  test('a vault of backups has another name in each stack, and beside the one that has no key', () => {
    const vaults = [false, true].map((encrypted) => synthesize((stack) => ({
      storage: { backups: TableBackups.daily() }, encryptionKey: encrypted ? new Key(stack, 'Key') : undefined,
    }))).map(({ template }) => resource(template, VAULT, 'AuthBackups').Properties.BackupVaultName['Fn::Join'][1]);
    for (const [name, unique] of vaults) {
      // With its part of the stack's id: a hyphen and eight characters.
      expect(name).toMatch(/^[A-Za-z0-9-]{2,41}$/);
      expect(isNewEachTime(unique)).toBe(true);
    }
    expect(vaults[0][0]).not.toBe(vaults[1][0]);
  });

  test('nothing that CloudFormation can delete again stays when the first deployment fails', () => {
    const { template } = synthesize((stack) => ({ storage: { backups: TableBackups.daily() }, encryptionKey: new Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY }) }));
    const left = all(template).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain').map(([, { Type }]) => Type);
    // Tables are protected against deletion; the account's role serves other APIs from the moment on at which it is set.
    expect([...new Set(left)].sort()).toEqual(['AWS::ApiGateway::Account', TABLE, 'AWS::IAM::Role']);
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of all(template).filter(([, each]) => outlives(each))) {
      expect([id, DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate', UpdateReplacePolicy]).toEqual([id, true, 'Retain']);
    }
  });

  test('an explicit RETAIN is kept to the letter', () => {
    const { template } = synthesize({ removalPolicy: RemovalPolicy.RETAIN });
    expect(all(template).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'RetainExceptOnCreate')).toEqual([]);
  });
});

describe('DP-01 after `cdk destroy`', () => {
  /** A version goes with its function, whatever its own policy says. */
  const left = (template: Template) => all(template).filter(([, each]) => outlives(each) && each.Type !== 'AWS::Lambda::Version')
    .map(([id, { Type, DeletionPolicy }]) => `${id} ${Type.replace(/^AWS::/, '')}; ${DeletionPolicy}`).sort();

  test.each<[string, AuthPreset]>([['production', AuthPreset.production()], ['high-scale', AuthPreset.highScale()], ['development', AuthPreset.development()]])(
    'what %s leaves has been reviewed', (name, preset) => expectReviewed(`left/${name}.txt`, left(synthesize({ preset }).template)));

  test.each<[string, AuthServiceProps]>([
    ['behind a REST API', {}],
    ['behind an HTTP API', bare()],
    ['with gradual deployments and backups', { functions: { deployment: FunctionDeployment.canary() }, storage: { backups: TableBackups.daily() } }],
  ])('development leaves nothing: %s', (_name, props) => {
    expect(left(synthesize({ preset: AuthPreset.development(), ...props }).template)).toEqual([]);
  });

  test('development has an access log where it is asked for, or where it needs no role of the account', () => {
    const asked = synthesize({ preset: AuthPreset.development(), api: AuthApi.rest({ accessLogs: AccessLogs.cloudWatch() }) }).template;
    expect(left(asked)).toEqual([expect.stringContaining('ApiGateway::Account'), expect.stringContaining('IAM::Role')]);
    const http = synthesize({ preset: AuthPreset.development(), ...bare() }).template;
    expect(resource(http, 'AWS::ApiGatewayV2::Stage', 'AuthHttpApi').Properties.AccessLogSettings).toBeDefined();
  });

  test.each<[string, AuthServiceProps]>([['the defaults', {}], ['RETAIN', { removalPolicy: RemovalPolicy.RETAIN }]])(
    'RemovalPolicies.of(stack).destroy() lifts the tables\' protection too: %s', (_name, props) => {
      const stack = new Stack(new App(), 'Stack');
      new AuthService(stack, 'Auth', props);
      RemovalPolicies.of(stack).destroy();
      const template = Template.fromStack(stack);
      for (const { DeletionPolicy, Properties } of Object.values(resources(template, TABLE))) {
        expect([DeletionPolicy, Properties.Replicas[0].DeletionProtectionEnabled]).toEqual(['Delete', false]);
      }
    });

  test('RemovalPolicies.of(stack).retain() protects tables that a preset would let go', () => {
    const stack = new Stack(new App(), 'Stack');
    new AuthService(stack, 'Auth', { preset: AuthPreset.development() });
    RemovalPolicies.of(stack).retain();
    const tables = Object.values(resources(Template.fromStack(stack), TABLE));
    expect(tables.map(({ Properties }) => Properties.Replicas[0].DeletionProtectionEnabled)).toEqual(tables.map(() => true));
  });
});

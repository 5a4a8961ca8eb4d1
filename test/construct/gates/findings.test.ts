import { App, Stack, Validations } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { QuickStart } from '../../../examples/quickstart/quickstart';
import type { AuthServiceProps } from '../../../src';
import { AuthNetwork, AuthPreset, AuthService } from '../../../src';
import { Routes } from '../../../src/contract/routes';
import { usual } from '../support/everything';
import { construct } from '../support/synth';

/** Findings that nobody has acknowledged, as `id path`. */
function findings(app: App): string[] {
  return new AwsSolutionsChecks(app).validateScope(app).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
}

/** What the service acknowledges by itself, as `id path`, below the construct. */
function acknowledged(service: IConstruct): Record<string, string> {
  return Object.fromEntries(service.node.findAll().flatMap((child) => child.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([id, reason]) => [`${id.replace(/^annotation::/i, '')} ${child.node.path.slice(service.node.path.length + 1)}`, reason])));
}

const webApp = { origins: ['https://app.example.com'] };
const kinds: [string, (stack: Stack) => AuthServiceProps][] = [
  ['the defaults', () => ({})],
  ['a web application', () => ({ webApp })],
  ['the production preset with a key', (stack) => ({ preset: AuthPreset.production(), encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) })],
  ['the development preset', () => ({ preset: AuthPreset.development() })],
  ['the development preset with a key', (stack) => ({ preset: AuthPreset.development(), encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) })],
  ['the high-scale preset', () => ({ preset: AuthPreset.highScale() })],
  ['what production usually sets', usual],
  ['a VPC', (stack) => ({ network: AuthNetwork.existingVpc(vpcOf(stack)) })],
];

/** A network of somebody else: its own findings are not ours. */
function vpcOf(stack: Stack): Vpc {
  const vpc = new Vpc(new Stack(stack.node.root as App, 'NetworkStack'), 'Vpc');
  Validations.of(vpc).acknowledge({ id: 'AwsSolutions-VPC7', reason: 'not under test' });
  return vpc;
}

const functions = ['Register', 'Login', 'Refresh', 'Logout', 'Profile', 'Credentials', 'Discovery', 'Authorizer', 'RotateKeys', 'Admin'];
const methodPath = (route: { method: string; path: string }) => `Api/Api/Default${route.path}/${route.method}`;

describe('cdk-nag AwsSolutions', () => {
  test.each(kinds)('IC-01 %s: no unacknowledged finding', (_name, props) => {
    expect(findings(construct(props).app)).toEqual([]);
  });

  test('IC-01 the quick start: no unacknowledged finding', () => {
    const app = new App();
    new QuickStart(app, 'QuickStart');
    expect(findings(app)).toEqual([]);
  });

  test('IC-01 the pack does look: it finds what is wrong beside the service', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    new AuthService(stack, 'Auth', { encryptionKey: new Key(stack, 'Key') });
    expect(findings(app)).toEqual(['AwsSolutions-KMS5 Stack/Key/Resource']);
  });

  test('IC-01 the list of what is acknowledged is frozen', () => {
    const list = acknowledged(construct({ webApp }).auth);
    const paths = [...new Set(Routes.map(({ path }) => path))];
    expect(Object.keys(list).sort()).toEqual([
      // API Gateway writes logs of all APIs through one role.
      'AwsSolutions-IAM5[Resource::*] AccessLog/AccountRole',
      // X-Ray knows no resources.
      ...functions.map((name) => `AwsSolutions-IAM5[Resource::*] Functions/${name}`),
      // Execution logs may hold passwords.
      'AwsSolutions-APIG6 Api/Api/DeploymentStage.v1',
      // Nobody has a token before logging in, and a preflight never carries one.
      ...Routes.filter(({ access }) => access === 'public').map((route) => `AwsSolutions-APIG4 ${methodPath(route)}`),
      ...paths.map((path) => `AwsSolutions-APIG4 ${methodPath({ method: 'OPTIONS', path })}`),
      // Our own authorizer instead of Amazon Cognito's.
      ...Routes.map((route) => `AwsSolutions-COG4 ${methodPath(route)}`),
    ].sort());
  });

  test('IC-01 each has a reason of its own words', () => {
    for (const reason of Object.values(acknowledged(construct({ webApp }).auth))) expect(reason.length).toBeGreaterThan(60);
  });
});

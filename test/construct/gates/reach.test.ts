import type { IAspect, InjectionContext, IPropertyInjector } from 'aws-cdk-lib';
import { App, Aspects, CfnResource, PropertyInjectors, RemovalPolicies, RemovalPolicy, Stack, Stage, TagManager, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary, Role } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { AuthServiceProps } from '../../../src';
import { AuthNetwork, AuthService, Firewall } from '../../../src';
import { answersHead, Routes } from '../../../src/contract/routes';
import { behindCloudFront } from '../support/fronts';
import type { Resource } from '../support/synth';
import { resources } from '../support/synth';

/** Everything that a service can consist of, and only that: the network is another stack's. */
function everything(scope: IConstruct, props: AuthServiceProps = {}): AuthService {
  const stack = Stack.of(scope);
  const vpc = new Vpc(new Stack(stack.node.scope as App, 'NetworkStack'), 'Vpc');
  return new AuthService(scope as Stack, 'Auth', {
    webApp: { origins: ['https://app.example.com'] },
    firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'] }),
    network: AuthNetwork.existingVpc(vpc, { createEndpoints: true }),
    ...props,
  });
}

function all(template: Template): [string, Resource][] {
  return Object.entries(template.toJSON().Resources as Record<string, Resource>);
}

/** Logical ids of what lies below the service and satisfies something. */
function idsBelow(auth: AuthService, satisfies: (child: CfnResource) => boolean): string[] {
  const stack = Stack.of(auth);
  return auth.node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child) && satisfies(child))
    .map((child) => stack.resolve(child.logicalId)).sort();
}

const kept = ['AWS::IAM::Role', 'AWS::ApiGateway::Account'];

describe('what the surroundings say reaches every resource', () => {
  test('every resource lies under the construct', () => {
    const stack = new Stack(new App(), 'Stack');
    const auth = everything(stack);
    const made = all(Template.fromStack(stack)).map(([id]) => id).sort();
    expect(idsBelow(auth, () => true)).toEqual(made);
  });

  test('tags', () => {
    const stack = new Stack(new App(), 'Stack');
    const auth = everything(stack);
    Tags.of(stack).add('team', 'identity');
    const template = Template.fromStack(stack);
    // A global table has its tags in its replicas, so that only the construct above the resource knows of them.
    const taggable = idsBelow(auth, (child) => TagManager.isTaggable(child) || TagManager.isTaggableV2(child) || child.cfnResourceType === 'AWS::DynamoDB::GlobalTable');
    const tagged = all(template).filter(([, { Properties }]) => /"Key":"team","Value":"identity"|"team":"identity"/.test(JSON.stringify(Properties ?? {}))).map(([id]) => id).sort();
    expect(tagged).toEqual(taggable);
    expect(new Set(tagged.map((id) => (template.toJSON().Resources as Record<string, Resource>)[id]!.Type))).toEqual(new Set([
      'AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Stage', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::Dashboard',
      'AWS::DynamoDB::GlobalTable', 'AWS::EC2::SecurityGroup', 'AWS::EC2::VPCEndpoint', 'AWS::IAM::Role',
      'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret', 'AWS::WAFv2::IPSet', 'AWS::WAFv2::WebACL',
    ]));
  });

  test('tags and the place below the construct: of an HTTP API behind CloudFront too', () => {
    const stack = new Stack(new App(), 'Stack');
    const auth = new AuthService(stack, 'Auth', behindCloudFront());
    Tags.of(stack).add('team', 'identity');
    const template = Template.fromStack(stack);
    expect(idsBelow(auth, () => true)).toEqual(all(template).map(([id]) => id).sort());
    const tagged = all(template).filter(([, { Properties }]) => /"Key":"team","Value":"identity"|"team":"identity"/.test(JSON.stringify(Properties ?? {}))).map(([, { Type }]) => Type);
    expect([...new Set(tagged)]).toEqual(expect.arrayContaining(['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage', 'AWS::CloudFront::Distribution']));
  });

  test('a permissions boundary', () => {
    const stack = new Stack(new App(), 'Stack');
    everything(stack);
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    const roles = Object.values(resources(Template.fromStack(stack), 'AWS::IAM::Role'));
    expect(roles).toHaveLength(11);
    for (const { Properties } of roles) expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('policy/PowerUserAccess');
  });

  test('role customisation: no role is made where roles are made by somebody else', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const names = [
      'AccessLog/AccountRole',
      ...['Register', 'Login', 'Refresh', 'Logout', 'Profile', 'Credentials', 'Discovery', 'Authorizer', 'RotateKeys', 'Admin'].map((name) => `Functions/${name}/Role`),
    ].map((path) => `Stack/Auth/${path}`);
    Role.customizeRoles(stack, { usePrecreatedRoles: Object.fromEntries(names.map((path, index) => [path, `precreated-${index}`])) });
    everything(stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    for (const { Properties } of Object.values(resources(template, 'AWS::Lambda::Function'))) expect(JSON.stringify(Properties.Role)).toContain('precreated-');
  });

  test('an Aspect', () => {
    const stack = new Stack(new App(), 'Stack');
    const auth = everything(stack);
    const seen = new Set<CfnResource>();
    const aspect: IAspect = {
      visit(node: IConstruct) {
        if (CfnResource.isCfnResource(node)) {
          seen.add(node);
          node.addMetadata('reviewed', true);
        }
      },
    };
    Aspects.of(auth).add(aspect);
    const found = all(Template.fromStack(stack));
    expect(found.filter(([, resource]) => (resource as { Metadata?: { reviewed?: boolean } }).Metadata?.reviewed !== true).map(([id]) => id)).toEqual([]);
    expect([...seen].map((child) => stack.resolve(child.logicalId)).sort()).toEqual(found.map(([id]) => id).sort());
  });

  test('property injectors: of functions, log groups and security groups', () => {
    class Injector implements IPropertyInjector {
      constructor(readonly constructUniqueId: string, private readonly extra: object) {}

      inject(originalProps: object, _context: InjectionContext): object {
        return { ...originalProps, ...this.extra };
      }
    }
    const stack = new Stack(new App(), 'Stack');
    PropertyInjectors.of(stack).add(
      new Injector(Function.PROPERTY_INJECTION_ID, { reservedConcurrentExecutions: 3 }),
      new Injector(LogGroup.PROPERTY_INJECTION_ID, { retention: RetentionDays.TEN_YEARS }),
      new Injector(SecurityGroup.PROPERTY_INJECTION_ID, { description: 'injected' }),
    );
    everything(stack);
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 3 });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 3653 });
    template.allResourcesProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'injected' });
  });

  test('removalPolicy DESTROY: only the account\'s log role stays, and tables can be deleted', () => {
    const stack = new Stack(new App(), 'Stack');
    everything(stack, { removalPolicy: RemovalPolicy.DESTROY });
    const template = Template.fromStack(stack);
    expect(all(template).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain').map(([, { Type }]) => Type).sort()).toEqual([...kept].sort());
    for (const { Properties } of Object.values(resources(template, 'AWS::DynamoDB::GlobalTable'))) {
      expect(Properties.Replicas.map((replica: { DeletionProtectionEnabled: boolean }) => replica.DeletionProtectionEnabled)).toEqual([false]);
    }
  });

  test('DB-04 by default whatever holds data stays: tables, secrets, logs', () => {
    const stack = new Stack(new App(), 'Stack');
    everything(stack);
    const retained = new Set(all(Template.fromStack(stack)).filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain')).map(([, { Type }]) => Type));
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup']) {
      expect(retained).toContain(type);
      for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(resources(Template.fromStack(stack), type))) {
        expect([DeletionPolicy, UpdateReplacePolicy]).toEqual([type === 'AWS::DynamoDB::GlobalTable' ? 'Retain' : 'RetainExceptOnCreate', 'Retain']);
      }
    }
  });

  test('RemovalPolicies of aws-cdk-lib', () => {
    const stack = new Stack(new App(), 'Stack');
    everything(stack);
    RemovalPolicies.of(stack).destroy();
    expect(all(Template.fromStack(stack)).filter(([, { DeletionPolicy }]) => DeletionPolicy !== 'Delete').map(([id]) => id)).toEqual([]);
  });

  test('Stages: two of one app have the same resources under other names', () => {
    const app = new App();
    const services = ['Test', 'Prod'].map((name) => new AuthService(new Stack(new Stage(app, name), 'Stack'), 'Auth'));
    const assembly = app.synth();
    const templates = assembly.nestedAssemblies.map((nested) => nested.nestedAssembly.stacks[0]!.template as { Resources: Record<string, Resource> });
    // Deployments and versions change with their content, permissions carry the path of the API.
    const stable = (template: { Resources: object }) => Object.keys(template.Resources).filter((id) => !/Deployment|CurrentVersion|Permission/.test(id)).sort();
    expect(stable(templates[0]!)).toEqual(stable(templates[1]!));
    expect(new Set(services.map(({ serviceName }) => serviceName)).size).toBe(2);
    expect(Object.values(templates[1]!.Resources).filter(({ Type }) => Type === 'AWS::ApiGateway::Method').length).toBe(Routes.length + Routes.filter(answersHead).length);
  });
});

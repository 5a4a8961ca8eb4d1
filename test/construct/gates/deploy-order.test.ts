import { App, Stack } from 'aws-cdk-lib';
import type { SubnetConfiguration } from 'aws-cdk-lib/aws-ec2';
import {
  CfnSecurityGroupEgress, GatewayVpcEndpoint, GatewayVpcEndpointAwsService, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, Peer, Port, SecurityGroup,
  SubnetType, Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AuthServiceProps, ExistingVpcOptions } from '../../../src';
import { AuthFunctionName, AuthNetwork, AuthService, ProvisionedConcurrency, SigningKeys } from '../../../src';
import { SUBJECTS } from '../support/catalogue';
import type { Graph } from '../support/cycles';
import { cycleOf, referencesOf } from '../support/cycles';
import type { Resource } from '../support/synth';

const ISOLATED: SubnetConfiguration[] = [{ name: 'Inside', subnetType: SubnetType.PRIVATE_ISOLATED }];
const ways = { subnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, createEndpoints: true };

/** Services in a VPC, by who made the ways out of it, and when. */
const NETWORKS: Readonly<Record<string, (stack: Stack, serve: (props: AuthServiceProps) => AuthService) => void>> = {
  'endpoints of the service': (stack, serve) => serve(inside(isolated(stack), ways)),
  'endpoints of the service, keys in KMS': (stack, serve) => serve({ ...inside(isolated(stack), ways), signingKeys: SigningKeys.kms({ keyIds: ['2026-11'] }) }),
  'endpoints of the VPC, made after the service': (stack, serve) => {
    const vpc = isolated(stack);
    serve(inside(vpc, { ...ways, createEndpoints: false }));
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
    // AND what another one is for may wait for the service
    vpc.addInterfaceEndpoint('Orders', { service: InterfaceVpcEndpointAwsService.APIGATEWAY });
  },
  'endpoints of another construct, some before and some after': (stack, serve) => {
    const vpc = isolated(stack);
    new GatewayVpcEndpoint(stack, 'S3', { vpc, service: GatewayVpcEndpointAwsService.S3 });
    const auth = serve(inside(vpc, { ...ways, createEndpoints: false }));
    const group = new SecurityGroup(stack, 'EndpointGroup', { vpc });
    const secrets = new InterfaceVpcEndpoint(stack, 'Secrets', { vpc, service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER, securityGroups: [group], open: false });
    secrets.connections.allowDefaultPortFrom(auth.function(AuthFunctionName.ROTATE_KEYS));
  },
  'a security group of the team, with a rule that lies elsewhere': (stack, serve) => {
    const vpc = new Vpc(stack, 'Vpc');
    const group = new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
    serve(inside(vpc, { securityGroups: [group] }));
    group.addEgressRule(new SecurityGroup(stack, 'Proxy', { vpc }), Port.HTTPS);
    new CfnSecurityGroupEgress(stack, 'Rule', { groupId: group.securityGroupId, ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: Peer.anyIpv4().uniqueId });
  },
};

const inside = (vpc: Vpc, options: ExistingVpcOptions): AuthServiceProps => ({
  network: AuthNetwork.existingVpc(vpc, options),
  functions: { overrides: [{ name: AuthFunctionName.AUTHORIZER, provisionedConcurrency: ProvisionedConcurrency.fixed(1) }] },
});
const isolated = (stack: Stack) => new Vpc(stack, 'Vpc', { subnetConfiguration: ISOLATED });

const services: readonly (readonly [string, () => App])[] = [
  ...Object.entries(NETWORKS).map(([name, build]) => [name, () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    build(stack, (props) => {
      const auth = new AuthService(stack, 'Auth', props);
      auth.declareRequiredScopes(['orders:delete']);
      return auth;
    });
    return app;
  }] as const),
  ...SUBJECTS.map(({ name, build }) => [name, () => build()] as const),
];

beforeEach(() => {
  for (const stream of ['log', 'error', 'warn'] as const) jest.spyOn(console, stream).mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

describe('whatever runs a function while the stack is being deployed or deleted comes after what the function needs', () => {
  test.each(services)('%s', (_name, build) => {
    for (const { stackName, template } of build().synth().stacksRecursively) {
      const all = Object.entries((template as { Resources?: Record<string, Resource> }).Resources ?? {});
      const graph = referencesOf({ [stackName]: template });
      expect(cycleOf(graph)).toBeUndefined();
      const ids = all.filter(([, resource]) => runsFunction(resource)).map(([id]) => id);
      if (all.some(([, { Type }]) => Type === 'Custom::AuthServiceKeys')) expect(ids.length).toBeGreaterThan(1);
      for (const id of ids) {
        const before = closure(graph, `${stackName}/${id}`);
        const needed = neededBy(all, (other) => before.has(`${stackName}/${other}`));
        expect([id, needed.filter((other) => !before.has(`${stackName}/${other}`))]).toEqual([id, []]);
      }
    }
  });

  test('the finder finds: endpoints, rules, policies', () => {
    const counts = services.slice(0, Object.keys(NETWORKS).length).map(([, build]) => {
      const template = build().synth().getStackByName('Stack').template as { Resources: Record<string, Resource> };
      return neededBy(Object.entries(template.Resources), () => true).map((id) => template.Resources[id]!.Type.split('::').at(-1)!);
    });
    const seen = counts.map((types) => Object.fromEntries(['VPCEndpoint', 'SecurityGroupIngress', 'SecurityGroupEgress'].map((kind) => [kind, types.filter((own) => own === kind).length])));
    expect(seen.map(Object.values)).toEqual([[3, 0, 0], [4, 0, 0], [2, 0, 0], [2, 1, 0], [0, 0, 2]]);
    for (const types of counts) expect(types.filter((kind) => kind === 'Policy').length).toBeGreaterThan(0);
  });
});

test('the policy of a secret comes before the first keys, whoever made the secret and whenever it was added', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const keys = new Secret(stack, 'TeamKeys');
  const auth = new AuthService(stack, 'Auth', { signingKeys: SigningKeys.existingSecret(keys) });
  const other = new AuthService(stack, 'Other');
  for (const secret of [keys, other.signingSecret!]) {
    secret.addToResourcePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['secretsmanager:DeleteSecret'], principals: [new AnyPrincipal()], resources: ['*'] }));
  }
  expect(auth.signingSecret).toBe(keys);
  const { template } = app.synth().getStackByName('Stack');
  const { Resources: all } = template as { Resources: Record<string, Resource> };
  const firstKeys = Object.entries(all).filter(([, { Type }]) => Type === 'Custom::AuthServiceKeys').map(([, { DependsOn = [] }]) => DependsOn.filter((id) => id.includes('Policy') && !id.includes('Role')));
  expect(firstKeys).toEqual([[expect.stringMatching(/^TeamKeysPolicy/)], [expect.stringMatching(/^OtherSigningKeysSecretPolicy/)]]);
});

/** Custom resources and rotations ask one; an alias with provisioned concurrency starts it. */
function runsFunction({ Type, Properties }: Resource): boolean {
  return Type === 'Custom::AuthServiceKeys' || (Type === 'AWS::SecretsManager::RotationSchedule' && Properties.RotationLambdaARN !== undefined)
    || (Type === 'AWS::Lambda::Alias' && Properties.ProvisionedConcurrencyConfig !== undefined);
}

function closure(graph: Graph, start: string): Set<string> {
  const seen = new Set<string>();
  const visit = (node: string): void => graph.get(node)?.forEach((next) => {
    if (!seen.has(next)) {
      seen.add(next);
      visit(next);
    }
  });
  visit(start);
  return seen;
}

/** What no property of the function names: the network's ways out with their rules, and what its role may do. */
function neededBy(all: [string, Resource][], isBefore: (id: string) => boolean): string[] {
  const functions = all.filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && isBefore(id)).map(([, { Properties }]) => Properties);
  const groups = new Set(functions.flatMap(({ VpcConfig }) => VpcConfig?.SecurityGroupIds ?? []).map(text));
  const roles = new Set(functions.map(({ Role }) => text(Role['Fn::GetAtt']?.[0])));
  const endpoints = groups.size === 0 ? [] : all.filter(([, { Type, Properties }]) => Type === 'AWS::EC2::VPCEndpoint' && /\.(s3|dynamodb|secretsmanager|kms)"/.test(text(Properties.ServiceName)));
  for (const [, { Properties }] of endpoints) (Properties.SecurityGroupIds ?? []).map(text).forEach((group: string) => groups.add(group));
  const rules = all.filter(([, { Type, Properties }]) => /SecurityGroup(In|E)gress$/.test(Type) && groups.has(text(Properties.GroupId)));
  const policies = all.filter(([, { Type, Properties }]) => /^AWS::IAM::(Managed)?Policy$/.test(Type) && (Properties.Roles ?? []).some(({ Ref }: { Ref?: string }) => roles.has(text(Ref))));
  return [...endpoints, ...rules, ...policies].map(([id]) => id);
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

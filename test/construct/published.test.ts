import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IAuthService } from '../../src';
import { AuthMetric, AuthService } from '../../src';
import type { WrittenTemplate } from './support/catalogue';
import { writeTemplates } from './support/catalogue';
import type { Resource } from './support/synth';
import { concrete } from './support/synth';
import { validate } from './support/validator';

const PREFIX = '/platform/auth';
const UNUSED = 'W2001';

const USES: Readonly<Record<string, (auth: IAuthService, stack: Stack) => unknown>> = {
  'nothing': () => undefined,
  'a REST authorizer, as in README': (auth, stack) => new RestApi(stack, 'Orders', { cloudWatchRole: false }).root.addMethod('GET', new MockIntegration(), {
    authorizer: auth.restAuthorizer(stack, 'Authorizer', { requiredScopes: ['reports:read'] }),
  }),
  'an HTTP authorizer': (auth, stack) => new HttpApi(stack, 'Http').addRoutes({
    path: '/orders', integration: new HttpUrlIntegration('Orders', 'https://example.com'), authorizer: auth.httpAuthorizer(stack, 'Authorizer'),
  }),
  'administration': (auth, stack) => auth.grantAdminister(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })),
  'a metric': (auth, stack) => new Alarm(stack, 'Alarm', { metric: auth.metric(AuthMetric.LOGIN_FAILED), threshold: 1, evaluationPeriods: 1 }),
};

const folder = mkdtempSync(join(tmpdir(), 'published-'));
afterAll(() => rmSync(folder, { recursive: true }));

const consumer = (use: (auth: IAuthService, stack: Stack) => unknown) => () => {
  const app = new App();
  const stack = new Stack(app, 'Consumer', { env: concrete });
  use(AuthService.fromParameters(stack, 'Auth', PREFIX), stack);
  return app;
};

describe('a service of Parameter Store', () => {
  const parametersOf = ({ template }: WrittenTemplate) => Object.values((template as { Parameters?: Record<string, { Default: string }> }).Parameters ?? {})
    .map(({ Default }) => Default).filter((name) => name.startsWith(PREFIX)).sort();

  test('adds to a template the parameters that are used and no others, so that `cdk synth --strict` finds no fault', () => {
    const written = Object.entries(USES).map(([name, use]) => [name, writeTemplates(folder, name, consumer(use))[0]!] as const);
    const found = validate(written.map(([, template]) => template));
    for (const [name, template] of written) expect([name, found.get(template.file)!.filter(({ rule }) => rule === UNUSED)]).toEqual([name, []]);
    expect(written.map(([, template]) => parametersOf(template))).toEqual([
      [], [`${PREFIX}/authorizer-function-arn`], [`${PREFIX}/authorizer-function-arn`], [`${PREFIX}/admin-function-arn`], [`${PREFIX}/service-name`],
    ]);
  });

  test('the validator knows the fault', () => {
    const [unused] = writeTemplates(folder, 'unused', consumer((auth) => auth.apiUrl));
    expect(validate([unused!]).get(unused!.file)!.map(({ rule }) => rule)).toContain(UNUSED);
  });

  test('gives nothing to warn of', () => {
    const app = consumer(USES['a REST authorizer, as in README']!)();
    Annotations.fromStack(app.node.findChild('Consumer') as Stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('publisher and reader in one app', () => {
  const publish = (stack: Stack) => new AuthService(stack, 'Auth').publishTo(PREFIX);
  const read = (stack: Stack) => AuthService.fromParameters(stack, 'Reader', PREFIX);
  const SAME_STACK = /^prefix .*"\/platform\/auth", which Stack\/Auth publishes in the same stack.*use the service itself$/;

  test('in one stack they are refused, whichever comes first', () => {
    for (const [first, second] of [[publish, read], [read, publish]] as const) {
      const stack = new Stack(new App(), 'Stack');
      first(stack);
      expect(() => second(stack)).toThrow(SAME_STACK);
    }
  });

  test('a publisher nested in the reader\'s stack is refused too', () => {
    const stack = new Stack(new App(), 'Stack');
    read(stack);
    expect(() => publish(new NestedStack(stack, 'Nested'))).toThrow(/which Stack\/Nested\/Auth publishes in the same stack/);
  });

  test('in two stacks the reader\'s waits, whichever comes first', () => {
    for (const publisherFirst of [true, false]) {
      const app = new App();
      const [publisher, reader] = [new Stack(app, 'Publisher'), new Stack(app, 'Reader')];
      const steps = [() => publish(publisher), () => read(reader)];
      for (const step of publisherFirst ? steps : steps.reverse()) step();
      expect(reader.dependencies).toEqual([publisher]);
      expect(publisher.dependencies).toEqual([]);
    }
  });

  test('a stack nested in the publisher\'s waits for the parameters', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const nested = new NestedStack(stack, 'Nested');
    USES['an HTTP authorizer']!(read(nested), nested);
    publish(stack);
    const { template } = app.synth().getStackByName('Stack') as { template: { Resources: Record<string, Resource> } };
    const [waits] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CloudFormation::Stack');
    expect(waits!.DependsOn!.filter((id) => template.Resources[id]!.Type === 'AWS::SSM::Parameter')).toHaveLength(6);
  });

  test('stacks nested beside each other wait', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const [owner, reader] = [new NestedStack(stack, 'Owner'), new NestedStack(stack, 'Reader')];
    publish(owner);
    USES['an HTTP authorizer']!(read(reader), reader);
    const { template } = app.synth().getStackByName('Stack') as { template: { Resources: Record<string, Resource> } };
    const waits = Object.entries(template.Resources).filter(([id]) => id.startsWith('Reader')).map(([, { DependsOn }]) => DependsOn);
    expect(waits).toEqual([[expect.stringMatching(/^OwnerNestedStack/)]]);
  });

  test('of another stage, Region or prefix it is somebody else\'s', () => {
    const app = new App();
    publish(new Stack(new Stage(app, 'Beta'), 'Stack'));
    publish(new Stack(app, 'Elsewhere', { env: { ...concrete, region: 'us-west-2' } }));
    new AuthService(new Stack(app, 'Staff', { env: concrete }), 'Auth').publishTo('/staff/auth');
    const reader = new Stack(app, 'Reader', { env: concrete });
    read(reader);
    expect(reader.dependencies).toEqual([]);
  });

  test('stacks that would wait for each other are refused', () => {
    const app = new App();
    const [left, right] = [new Stack(app, 'Left'), new Stack(app, 'Right')];
    new AuthService(left, 'Auth').publishTo('/left');
    new AuthService(right, 'Auth').publishTo('/right');
    AuthService.fromParameters(right, 'LeftAuth', '/left');
    expect(() => AuthService.fromParameters(left, 'RightAuth', '/right')).toThrow(/^prefix .*"\/right", which Right\/Auth publishes in a stack that waits for this one.*fromAuthServiceAttributes\(\)/);
  });

  test('and by a reference of another kind the CDK names the prefix', () => {
    const app = new App();
    const [owner, reader] = [new Stack(app, 'Owner'), new Stack(app, 'Reader')];
    const group = new Role(reader, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const auth = new AuthService(owner, 'Auth');
    auth.publishTo(PREFIX);
    read(reader);
    auth.alias('login' as never).grantInvoke(Role.fromRoleName(owner, 'Imported', group.roleName));
    expect(() => app.synth()).toThrow(/AuthService\.fromParameters\(\) reads \/platform\/auth.*cyclic/s);
  });
});

test('found by parameters, the templates name no resource of the other stack', () => {
  const app = new App();
  new AuthService(new Stack(app, 'Owner'), 'Auth').publishTo(PREFIX);
  const stack = new Stack(app, 'Reader');
  USES['a REST authorizer, as in README']!(AuthService.fromParameters(stack, 'Auth', PREFIX), stack);
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('ImportValue');
});

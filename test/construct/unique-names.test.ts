import { App, Stack, Stage } from 'aws-cdk-lib';
import type { Environment } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AuthService } from '../../src';

const HERE: Environment = { account: '111111111111', region: 'eu-central-1' };

/** Two services of one name, in stacks of these places. */
function twice(one: Environment | undefined, other: Environment | undefined, apart = false): Stack {
  const app = new App();
  const scopes = apart ? [new Stage(app, 'Beta'), new Stage(app, 'Prod')] : [app, app];
  const stacks = [one, other].map((env, index) => new Stack(scopes[index]!, `Stack${index}`, { env }));
  stacks.forEach((stack) => new AuthService(stack, 'Auth', { serviceName: 'shop' }));
  return stacks[1]!;
}

describe('one serviceName for two services', () => {
  test.each<[string, Environment | undefined, Environment | undefined, boolean]>([
    ['anywhere', undefined, undefined, false],
    ['in one place', HERE, HERE, false],
    ['in one Region of any account', { region: 'eu-central-1' }, { region: 'eu-central-1' }, false],
    ['in one place, in two stages', HERE, HERE, true],
  ])('%s is refused', (_where, one, other, apart) => {
    expect(() => twice(one, other, apart)).toThrow(/^serviceName .*"shop", which (Beta\/)?Stack0\/Auth has/);
  });

  test.each<[string, Environment | undefined, Environment | undefined]>([
    ['in two accounts', HERE, { ...HERE, account: '222222222222' }],
    ['in two Regions', HERE, { ...HERE, region: 'us-west-2' }],
    ['anywhere and in one place', undefined, HERE],
  ])('%s is none of ours', (_where, one, other) => {
    Annotations.fromStack(twice(one, other)).hasNoWarning('*', Match.stringLikeRegexp('cannot be deployed to the same'));
  });

  test('in two stages that do not say where they are is warned of', () => {
    Annotations.fromStack(twice(undefined, undefined, true)).hasWarning('*', Match.stringLikeRegexp('serviceName is "shop" as that of Beta/Stack0/Auth'));
  });

  test('in two apps it is none of ours', () => {
    expect(() => [0, 1].map(() => new AuthService(new Stack(new App(), 'Stack'), 'Auth', { serviceName: 'shop' }))).not.toThrow();
  });
});

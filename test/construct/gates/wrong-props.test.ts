import { App, Stack } from 'aws-cdk-lib';
import { DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AccessLogs, AuthApi, AuthService, AuthTable } from '../../../src';
import { Billing, Capacity } from 'aws-cdk-lib/aws-dynamodb';
import { WRONG_AUTHORIZERS } from './wrong/authorizers';
import { WRONG_CAPACITY } from './wrong/capacity';
import { DEPLOYED_ARGUMENTS, DEPLOYED_VALUES } from './wrong/deployed-values';
import { WRONG_FRONTS, WRONG_PLACES } from './wrong/fronts';
import { WRONG_CALLS } from './wrong/methods';
import { WRONG_MONITORING } from './wrong/monitoring';
import { WRONG_PROPS } from './wrong/props';
import { MISPLACED, WRONG_REFERENCES } from './wrong/references';
import { refusalSites, sitesOf } from './wrong/sites';
import { WRONG_TOKEN_CLAIMS } from './wrong/token-claims';
import { WRONG_SHAPES } from './wrong/shapes';
import { TAKEN_NAMES } from './wrong/taken-names';

const WRONG = [...WRONG_PROPS, ...WRONG_CAPACITY, ...WRONG_FRONTS, ...WRONG_MONITORING, ...WRONG_REFERENCES, ...WRONG_TOKEN_CLAIMS, ...DEPLOYED_VALUES,
  ...WRONG_SHAPES];
const CALLS = [...WRONG_CALLS, ...WRONG_PLACES, ...MISPLACED, ...WRONG_AUTHORIZERS, ...DEPLOYED_ARGUMENTS, ...TAKEN_NAMES];
const met = new Set<string>();

function errorOf(use: () => unknown): Error | undefined {
  try {
    use();
  } catch (error) {
    sitesOf(error as Error).forEach((site) => met.add(site));
    return error as Error;
  }
  return undefined;
}

describe('wrong props', () => {
  test('there are at least 100', () => {
    expect(WRONG.length).toBeGreaterThanOrEqual(100);
  });

  test.each(WRONG)('%s', (_name, props, message) => {
    const stack = new Stack(new App(), 'Stack');
    expect(errorOf(() => new AuthService(stack, 'Auth', props(stack)))?.message).toBe(message);
    // AND nothing was made before the refusal
    expect(stack.node.tryFindChild('Auth')?.node.children ?? []).toEqual([]);
  });

  test.each(CALLS)('calls: %s', (_name, use, message) => {
    const stack = new Stack(new App(), 'Stack');
    const auth = new AuthService(stack, 'Auth');
    expect(errorOf(() => use(auth, stack))?.message).toBe(message);
  });

  test.each([...new Set([...WRONG, ...CALLS].map(([, , message]) => message))])('a user can act upon: %s', (message) => {
    expect(message).toMatch(/^[^\n]+ (?:must be [^\n]+, got |(?:is|has|are|there is) [^\n]+: .*set )[^\n]+$/);
    expect(message).not.toMatch(/undefined|\[object|\$\{|Token\[|\.$/);
  });

  // Runs last: a new check that no case above fails is one that nobody has read the message of.
  test('every check of src/ refuses something in these tables', () => {
    const sites = refusalSites();
    expect(sites.length).toBeGreaterThan(100);
    expect(sites.filter((site) => !met.has(site.split(' ')[0]!))).toEqual([]);
  });
});

describe('what is nearly wrong passes:', () => {
  test('a delivery stream of the right name', () => {
    const stack = new Stack(new App(), 'Stack');
    const stream = new DeliveryStream(stack, 'Stream', { deliveryStreamName: 'amazon-apigateway-auth', destination: new S3Bucket(new Bucket(stack, 'Bucket')) });
    expect(() => new AuthService(stack, 'Auth', { api: AuthApi.rest({ accessLogs: AccessLogs.firehose(stream) }) })).not.toThrow();
  });

  test('a provisioned table that is warmed a little', () => {
    const stack = new Stack(new App(), 'Stack');
    const billing = Billing.provisioned({ readCapacity: Capacity.fixed(5), writeCapacity: Capacity.autoscaled({ maxCapacity: 10 }) });
    const overrides = [{ name: AuthTable.USERS, warmThroughput: { writeUnitsPerSecond: 100 } }];
    expect(() => new AuthService(stack, 'Auth', { storage: { billing, overrides } })).not.toThrow();
  });
});

import { evaluate } from '../../local/services/iam/evaluate';
import type { PolicyDocument } from '../../local/services/iam/model';
import { AuthFunctionName } from '../../src';
import { behindCloudFront } from './support/fronts';
import type { Statement } from './support/synth';
import { defaults, list, statementsOf, synthesize } from './support/synth';

const IDS: Readonly<Record<AuthFunctionName, string>> = {
  [AuthFunctionName.REGISTER]: 'Register', [AuthFunctionName.LOGIN]: 'Login', [AuthFunctionName.REFRESH]: 'Refresh', [AuthFunctionName.LOGOUT]: 'Logout',
  [AuthFunctionName.PROFILE]: 'Profile', [AuthFunctionName.CREDENTIALS]: 'Credentials', [AuthFunctionName.DISCOVERY]: 'Discovery',
  [AuthFunctionName.AUTHORIZER]: 'Authorizer', [AuthFunctionName.ROTATE_KEYS]: 'RotateKeys', [AuthFunctionName.ADMIN]: 'Admin',
};
const FUNCTIONS = Object.values(AuthFunctionName);
const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

const fronts = { rest: () => defaults().template, http: () => synthesize(behindCloudFront()).template };
const policies = new Map<string, PolicyDocument>();

beforeAll(() => {
  for (const [front, template] of Object.entries(fronts)) {
    const made = template();
    for (const name of FUNCTIONS) policies.set(`${front} ${name}`, { Statement: statementsOf(made, IDS[name]).map(named) as never });
  }
});

/** With tables by name: `Users`, `Users/index/email-index`. */
function named({ Effect, Action, Resource, Condition }: Statement): object {
  const texts = [Resource].flat().map((resource) => {
    const text = JSON.stringify(resource);
    const table = /AuthTables([A-Z][a-z]+)[0-9A-F]{8}/.exec(text)?.[1];
    return table === undefined ? text : `${table}${/\/index\/[a-z-]+/.exec(text)?.[0] ?? ''}`;
  });
  return { Effect, Action: list(Action), Resource: texts, ...Condition && { Condition } };
}

/** Whether a role allows one action on items of these keys and attributes. */
function allows(name: AuthFunctionName, action: string, table: string, keys: readonly string[], attributes: readonly string[] = [], front = 'rest'): boolean {
  const context = {
    ...keys.length > 0 ? { 'dynamodb:LeadingKeys': keys } : {}, ...attributes.length > 0 ? { 'dynamodb:Attributes': attributes } : {}, 'dynamodb:Select': ['ALL_ATTRIBUTES'],
  };
  return evaluate([policies.get(`${front} ${name}`)!], undefined, { action: `dynamodb:${action}`, resource: table, context }) === 'allowed';
}

const who = (action: string, table: string, keys: readonly string[], attributes?: readonly string[], front?: string) =>
  FUNCTIONS.filter((name) => allows(name, action, table, keys, attributes, front));

describe.each(Object.keys(fronts))('behind the %s front', (front) => {
  test('PR-01 password hashes are read by what verifies passwords, and by nobody else', () => {
    for (const action of READS) {
      const expected = action === 'GetItem' ? ['credentials', 'login'] : [];
      expect([action, who(action, 'Users', ['EMAIL#a@example.com'], ['pk', 'sk'], front).sort()]).toEqual([action, expected]);
      // AND not beside a profile in one batch, nor by a request whose keys nobody knows
      expect([action, who(action, 'Users', ['USER#1', 'EMAIL#a@example.com'], ['pk', 'sk'], front).sort()]).toEqual([action, expected]);
      expect([action, who(action, 'Users', [], [], front)]).toEqual([action, []]);
    }
  });

  test('PR-01 an update of a user names what the function changes, and nothing else', () => {
    const key = ['pk', 'sk'];
    const updates = (prefix: string, attribute: string) => who('UpdateItem', 'Users', [`${prefix}1`], [...key, attribute], front).sort();
    expect(updates('USER#', 'profile')).toEqual(['profile']);
    expect(updates('USER#', 'scopes')).toEqual(['admin']);
    expect(updates('USER#', 'status')).toEqual(['admin']);
    expect(updates('USER#', 'email')).toEqual([]);
    expect(updates('USER#', 'createdAt')).toEqual([]);
    expect(updates('USER#', 'sv')).toEqual(['admin', 'credentials', 'logout', 'refresh']);
    expect(updates('USER#', 'pv')).toEqual(['credentials']);
    expect(updates('EMAIL#', 'hash')).toEqual(['credentials', 'login']);
    // One attribute too many is one too many.
    expect(who('UpdateItem', 'Users', ['USER#1'], [...key, 'sv', 'op', 'profile'], front)).toEqual([]);
    // AND an update that names nothing is none
    expect(who('UpdateItem', 'Users', ['USER#1'], [], front)).toEqual([]);
  });

  test('PR-01 users are made by register, replaced by nobody else, and deleted by whoever asks for the password', () => {
    for (const key of ['USER#1', 'EMAIL#a@example.com']) {
      expect(who('PutItem', 'Users', [key], ['pk', 'sk', 'v'], front)).toEqual(['register']);
      expect(who('DeleteItem', 'Users', [key], ['pk', 'sk'], front)).toEqual(['credentials']);
    }
    for (const action of WRITES) expect([action, who(action, 'Users', ['OTHER#1'], ['pk', 'sk', 'sv'], front)]).toEqual([action, []]);
  });

  test('PR-01 published keys are written by what looks after them, revocations by what ends sessions', () => {
    for (const action of WRITES) {
      expect(who(action, 'Revocations', ['KEYS#signing'], ['key'], front).filter((name) => !['rotate-keys', 'admin'].includes(name))).toEqual([]);
      expect(who(action, 'Revocations', ['U#1'], ['key'], front)).not.toContain('rotate-keys');
    }
    expect(who('GetItem', 'Revocations', ['U#1'], ['key'], front)).not.toEqual(expect.arrayContaining(['discovery']));
    expect(who('GetItem', 'Revocations', [], [], front)).toEqual([]);
  });

  test('DB-06 PR-01 a transaction over both items of a user is allowed, whether DynamoDB asks for each item or for all of an action at once', () => {
    const transactions: [AuthFunctionName, string, readonly string[]][] = [
      [AuthFunctionName.REGISTER, 'PutItem', ['pk', 'sk', 'v', 'uid', 'hash', 'profile']],
      [AuthFunctionName.CREDENTIALS, 'UpdateItem', ['pk', 'sk', 'uid', 'hash', 'pv', 'sv', 'op']],
      [AuthFunctionName.CREDENTIALS, 'DeleteItem', ['pk', 'sk', 'uid', 'pv', 'sv']],
    ];
    for (const [name, action, attributes] of transactions) {
      for (const keys of [['USER#1'], ['EMAIL#a@example.com'], ['USER#1', 'EMAIL#a@example.com']]) {
        expect([name, action, keys, allows(name, action, 'Users', keys, attributes, front)]).toEqual([name, action, keys, true]);
      }
    }
  });
});

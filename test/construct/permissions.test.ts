import { AuthFunctionName } from '../../src';
import { GRANTS } from '../../src/functions/grants';
import type { Statement } from './support/synth';
import { defaults, list, logicalId, resources, statementsOf } from './support/synth';

const IDS = Object.entries({
  [AuthFunctionName.REGISTER]: 'Register',
  [AuthFunctionName.LOGIN]: 'Login',
  [AuthFunctionName.REFRESH]: 'Refresh',
  [AuthFunctionName.LOGOUT]: 'Logout',
  [AuthFunctionName.PROFILE]: 'Profile',
  [AuthFunctionName.CREDENTIALS]: 'Credentials',
  [AuthFunctionName.DISCOVERY]: 'Discovery',
  [AuthFunctionName.AUTHORIZER]: 'Authorizer',
  [AuthFunctionName.ROTATE_KEYS]: 'RotateKeys',
  [AuthFunctionName.ADMIN]: 'Admin',
} satisfies Record<AuthFunctionName, string>) as [AuthFunctionName, string][];

/** What a statement is about, in short: `Users`, `Users/email-index`, `SigningKeys` ... */
function target(statement: Statement): string {
  const text = JSON.stringify(statement.Resource);
  const table = /AuthTables([A-Z][a-z]+)[0-9A-F]{8}/.exec(text)?.[1];
  const index = /\/index\/([a-z-]+)/.exec(text)?.[1];
  const other = /Auth(SigningKeys|RefreshKeys|Lookup|Functions[A-Za-z]+?(?:Logs|Function))/.exec(text)?.[1];
  return table === undefined ? other ?? text : index === undefined ? table : `${table}/${index}`;
}

describe('every role of a function', () => {
  test('is looked at', () => {
    expect(IDS.map(([name]) => name).sort()).toEqual(Object.values(AuthFunctionName).sort());
  });

  test.each(IDS)('%s has no wildcard action, and no wildcard resource but for X-Ray, which knows none', (_name, id) => {
    for (const statement of statementsOf(defaults().template, id)) {
      expect(list(statement.Action).filter((action) => action.includes('*'))).toEqual([]);
      expect(list(statement.Action).filter((action) => /Scan|BatchWrite|PartiQL/.test(action) && statement.Effect === 'Allow')).toEqual([]);
      if (JSON.stringify(statement.Resource).includes('*')) expect(list(statement.Action).every((action) => action.startsWith('xray:'))).toBe(true);
    }
  });

  test.each(IDS)('%s stays below 8 KB of policy', (_name, id) => {
    expect(JSON.stringify(statementsOf(defaults().template, id)).length).toBeLessThan(8 * 1024);
  });

  test.each(IDS)('%s may write published keys only if that is its work', (name, id) => {
    const { template } = defaults();
    const denials = statementsOf(template, id).filter(({ Effect }) => Effect === 'Deny');
    if (GRANTS[name].publishesKeys) {
      expect(denials).toEqual([]);
      return;
    }
    expect(denials).toEqual([{
      Effect: 'Deny',
      Action: [
        'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate',
        'dynamodb:PartiQLDelete',
      ],
      Resource: { 'Fn::GetAtt': [logicalId(template, 'AWS::DynamoDB::GlobalTable', 'AuthTablesRevocations'), 'Arn'] },
      Condition: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['KEYS#*'] } },
    }]);
  });

  test('rotate-keys reaches nothing in Revocations but published keys', () => {
    const statements = statementsOf(defaults().template, 'RotateKeys').filter((statement) => target(statement) === 'Revocations');
    expect(statements.map(({ Condition }) => Condition)).toEqual([{ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['KEYS#*'] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } }]);
  });

  test('nothing else in the service has a permission on a table or a secret', () => {
    const policies = Object.keys(resources(defaults().template, 'AWS::IAM::Policy')).filter((id) => !id.startsWith('AuthFunctions'));
    expect(policies).toEqual([]);
  });
});

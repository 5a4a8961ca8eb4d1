import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { spellings } from '../../scripts/smoke-aws/steps/firewall';

const root = path.join(__dirname, '..', '..');

function smoke(...args: string[]) {
  const command = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', 'scripts/smoke-aws/main.ts', ...args];
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH, TZ: 'UTC', CDK_VALIDATION: 'false' } });
}

describe('the smoke test for an account of its own', () => {
  test('GIVEN no account WHEN it runs against the local instance THEN all that can be tried here holds, and the rest is named', () => {
    const { stdout, stderr, status } = smoke('--local');
    expect({ status, broken: stdout.split('\n').filter((line) => line.includes('NOT ')), stderr }).toEqual({ status: 0, broken: [], stderr: '' });
    for (const step of ['The runtime of the functions', 'The first keys', 'A user, over HTTP', 'Answers that API Gateway makes', 'Two rotations of the signing keys', 'Spellings and the web ACL']) {
      expect(stdout).toContain(step);
    }
    expect(stdout).toMatch(/\n\d\d hold, 0 do not, 7 were not tried\n/);
    expect(stdout).toContain('a canary that must roll back (no CodeDeploy)');
  });

  test('it tries at least 130 spellings, each another one', () => {
    const all = spellings('/v1');
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(130);
  });

  test.each([
    [['--account', '1234', '--region', 'eu-west-1', '--throwaway'], '--account must be twelve digits, got 1234'],
    [['--region', 'eu-west-1', '--throwaway'], '--account must be twelve digits, got nothing'],
    [['--account', '123456789012', '--region', 'Europe', '--throwaway'], '--region must be a Region such as eu-west-1, got Europe'],
    [['--account', '123456789012', '--region', 'eu-west-1'], '--throwaway is missing: say that nothing in this account is needed'],
    [['--account', '123456789012', '--region', 'eu-west-1', '--throwaway', '--scenario', 'all'], '--scenario must be one of quickstart, production, http-api, got all'],
    [['--dry-run'], "Unknown option '--dry-run'"],
  ])('%j ends with a clear line and touches nothing', (args, message) => {
    const { stderr, status } = smoke(...args);
    expect(stderr.split('\n')[0]).toContain(message);
    expect(status).toBe(2);
  });
});

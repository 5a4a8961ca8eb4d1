import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage } from '../../scripts/settings/page';
import { SAMPLES } from '../../scripts/settings/samples';
import type { Assembly } from '../../scripts/settings/structs';
import { structsOf } from '../../scripts/settings/structs';
import { WEAKNESSES } from '../../src/policy/weaknesses';
import { read, root } from './support/repository';

function compiled(): Assembly {
  if (!existsSync(join(root, '.jsii'))) throw new Error('the library is not compiled: run `node scripts/compile.js`');
  return JSON.parse(read('.jsii'));
}

/** Structs whose every member has a sample, by the path under which samples name it. */
const SAMPLED: Readonly<Record<string, string>> = {
  StorageOptions: 'storage.', AuthTableOptions: 'storage.overrides.', FunctionsOptions: 'functions.', AuthFunctionOptions: 'functions.overrides.',
  MonitoringOptions: 'monitoring.', TokenOptions: 'tokens.', PasswordOptions: 'passwords.', AbuseOptions: 'abuse.',
};

describe('docs/settings.md', () => {
  const structs = structsOf(compiled(), 'AuthServiceProps');
  const membersOf = (struct: string) => structs.find(({ name }) => name === struct)!.members.filter(({ optional }) => optional).map(({ name }) => name);

  test('is what the library says of itself: npm run docs:settings writes it anew', () => {
    expect(read('docs/settings.md')).toBe(settingsPage(compiled(), WEAKNESSES));
  });

  test('shows what each prop creates, and what changing it does', () => {
    const paths = new Set(SAMPLES.map(({ prop }) => prop));
    const shown = (path: string) => [...paths].some((sampled) => sampled === path || sampled.startsWith(`${path}.`));
    const wanted = [...membersOf('AuthServiceProps'), ...Object.entries(SAMPLED).flatMap(([struct, prefix]) => membersOf(struct).map((member) => `${prefix}${member}`))];
    expect(wanted.length).toBeGreaterThan(30);
    expect(wanted.filter((path) => !shown(path))).toEqual([]);
  });

  test('samples name props that exist', () => {
    const tops = new Set(membersOf('AuthServiceProps'));
    expect(SAMPLES.map(({ prop }) => prop).filter((prop) => !tops.has(prop.split('.')[0]!))).toEqual([]);
    for (const [struct, prefix] of Object.entries(SAMPLED)) {
      const members = SAMPLES.filter(({ prop }) => prop.startsWith(prefix)).map(({ prop }) => prop.slice(prefix.length)).filter((rest) => !rest.includes('.'));
      expect(members.filter((member) => !membersOf(struct).includes(member))).toEqual([]);
    }
  });
});

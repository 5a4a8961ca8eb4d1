import { App, Stack } from 'aws-cdk-lib';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AuthPreset, SigningAlgorithm, SigningKeys } from 'cdk-auth-service';
import { COMBINATIONS, changes, combinations, reconciled } from '../construct/support/combinations';
import type { LibraryAssembly } from './support/observed-props';
import { ObservedProps } from './support/observed-props';
import { read, root } from './support/repository';

function compiled(): LibraryAssembly {
  if (!existsSync(join(root, '.jsii'))) throw new Error('the library is not compiled: run `node scripts/compile.js`');
  return JSON.parse(read('.jsii'));
}

const stackOf = () => new Stack(new App(), 'Stack');

describe('nobody has to remember to prove a new prop', () => {
  test('the observer sees what it is shown, and nothing else', () => {
    const observed = new ObservedProps(compiled());
    expect(observed.all()).toEqual(expect.arrayContaining(['AuthServiceProps.tokens', 'TokenOptions.issuer', 'ThrottleOptions.rateLimit', 'Firewall.disabled()', 'WeekDay.FRIDAY']));
    expect(observed.all().length).toBeGreaterThan(200);
    // WHEN it is shown a preset, which sets much by itself, and options that a factory swallows
    observed.observe(() => ({ preset: AuthPreset.highScale(), signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.EDDSA }) }));
    // THEN
    const seen = ['AuthPreset.highScale()', 'AuthServiceProps.preset', 'AuthServiceProps.signingKeys', 'RotatingKeysOptions.algorithm', 'SigningAlgorithm.EDDSA', 'SigningKeys.rotating()'];
    expect(observed.all().filter((name) => !observed.missing().includes(name))).toEqual(seen);
  });

  // What is missing has to become a value of a dial in test/construct/support/dials.ts.
  test.each([
    ['the random combinations', () => combinations(COMBINATIONS).map(reconciled)], ['what is turned on and off', changes],
  ])('%s: every member of every struct, every factory and every value of an enum is in it', (_name, given) => {
    const observed = new ObservedProps(compiled());
    for (const { props } of given()) observed.observe(() => props(stackOf()));
    expect(observed.missing()).toEqual([]);
  });
});

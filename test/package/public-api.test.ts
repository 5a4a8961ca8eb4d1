import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly } from './support/public-api';
import { faultsOf } from './support/public-api';
import { exportedNames, sourceFaultsOf } from './support/public-source';
import { read, root } from './support/repository';

function compiled(): Assembly & { readonly name: string; readonly dependencies?: Record<string, string>; readonly bundled?: unknown } {
  if (!existsSync(join(root, '.jsii'))) throw new Error('the library is not compiled: run `node scripts/compile.js`');
  return JSON.parse(read('.jsii'));
}

describe('the law of the public API', () => {
  test('no shape that another language loses, no member without a docstring, no optional prop without @default', () => {
    expect(faultsOf(compiled())).toEqual([]);
  });

  test('no literal type, generic method or overload', () => {
    expect(sourceFaultsOf(compiled())).toEqual([]);
  });

  test('the index names each export, and each is a type that every language sees', () => {
    const { names, faults } = exportedNames('src/index.ts');
    const seen = new Set(Object.values(compiled().types ?? {}).map(({ name }) => name));
    expect(faults).toEqual([]);
    expect(names.filter((name) => !seen.has(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });

  test('AuthService is there', () => {
    expect(Object.keys(compiled().types ?? {})).toContain('cdk-auth-service.AuthService');
  });

  test('nothing is needed beside the CDK', () => {
    expect(Object.keys(compiled().dependencies ?? {}).sort()).toEqual(['aws-cdk-lib', 'constructs']);
    expect(compiled().bundled).toBeUndefined();
  });
});

describe('the law itself', () => {
  const docs = { summary: 'Text.' };
  const struct = (property: object): Assembly => ({
    types: { 'x.Options': { kind: 'interface', datatype: true, name: 'Options', docs, properties: [{ name: 'value', docs, type: { primitive: 'string' }, ...property }] } },
  });

  test.each([
    ['a union', struct({ type: { union: { types: [] } } }), /a union/],
    ['any', struct({ type: { primitive: 'any' } }), /type any/],
    ['any in a list', struct({ type: { collection: { kind: 'array', elementtype: { primitive: 'any' } } } }), /type any/],
    ['a map', struct({ type: { collection: { kind: 'map', elementtype: { primitive: 'string' } } } }), /string-keyed map/],
    ['an optional prop without @default', struct({ optional: true }), /@default/],
    ['a member without docstring', struct({ docs: undefined }), /no docstring/],
    ['a reserved name', struct({ name: 'type' }), /reserved/],
    ['a member named like its class', struct({ name: 'options' }), /named like its class/],
    ['an I-interface of data', { types: { 'x.IData': { kind: 'interface', name: 'IData', docs, properties: [] } } } as Assembly, /data only/],
    ['a submodule', { submodules: { 'x.y': {} } } as Assembly, /no submodules/],
  ])('finds %s', (_what, assembly, fault) => {
    expect(faultsOf(assembly)).toEqual([expect.stringMatching(fault)]);
  });

  test('has nothing against a sound struct', () => {
    expect(faultsOf(struct({ optional: true, docs: { ...docs, default: '- none' } }))).toEqual([]);
  });
});

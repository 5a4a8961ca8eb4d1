import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly } from './support/public-api';
import { read, root } from './support/repository';
import { collisionsOf, KEYWORDS } from './support/reserved-words';

function compiled(): Assembly {
  if (!existsSync(join(root, '.jsii'))) throw new Error('the library is not compiled: run `node scripts/compile.js`');
  return JSON.parse(read('.jsii'));
}

test('every class, member and parameter has its name in all five languages', () => {
  expect(Object.keys(compiled().types ?? {}).length).toBeGreaterThan(50);
  expect(collisionsOf(compiled())).toEqual([]);
});

test.each([['Python', 'PYTHON'], ['Java', 'JAVA'], ['C#', 'CSHARP'], ['Go', 'GO']])('the words of %s are those that the compiler of jsii knows, at least', (language, name) => {
  // It is not among what the package exports.
  const known = (require(join(root, 'node_modules/jsii/lib/reserved-words.js')) as Record<string, ReadonlySet<string>>)[`${name}_RESERVED`]!;
  expect(known.size).toBeGreaterThan(30);
  expect([...known].filter((word) => !KEYWORDS[language]!.has(word))).toEqual([]);
});

describe('what is found', () => {
  const options = { kind: 'interface', datatype: true, name: 'Options' } as const;
  const text = { primitive: 'string' };
  const type = (of: object, name = 'Thing'): Assembly => ({ types: { 'x.Thing': { kind: 'class', name, ...of } } });
  const method = (name: string, of: object = {}) => type({ methods: [{ name, static: true, ...of }] });

  test.each<[string, Assembly, string[]]>([
    ['a factory', method('boolean'), ['Thing.boolean: another name in Java']],
    ['a factory that is a word of C# and Go', method('string'), []],
    ['a factory that hides what classes have', method('name'), ['Thing.name: another name in JavaScript']],
    ['a method', method('from', { static: false }), ['Thing.from: another name in Python']],
    ['a method of every object', method('notify', { static: false }), ['Thing.notify: another name in Java']],
    ['a method that Go prints values by', method('string', { static: false }), ['Thing.string: another name in Go']],
    ['a property', type({ properties: [{ name: 'class', type: text }] }), ['Thing.class: another name in Python, Java']],
    ['a member of a struct', type({ ...options, properties: [{ name: 'build', type: text }] }), ['Options.build: another name in Java']],
    ['a parameter', method('of', { parameters: [{ name: 'event', type: text }] }), ['Thing.of(event): another name in C#']],
    ['a parameter of a constructor', type({ initializer: { parameters: [{ name: 'map', type: text }] } }), ['new Thing(map): another name in Go']],
    ['a type', type({}, 'None'), ['None: another name in Python']],
    ['a parameter beside a struct', {
      types: {
        'x.Options': { ...options, interfaces: ['x.More'] },
        'x.More': { ...options, name: 'More', properties: [{ name: 'name', type: text }] },
        'x.Thing': {
          kind: 'class', name: 'Thing',
          methods: [{ name: 'of', static: true, parameters: [{ name: 'name', type: text }, { name: 'options', type: { fqn: 'x.Options' } }] }],
        },
      },
    }, ['Thing.of(name): named like a member of options, another name in Python']],
    ['nothing in sound names', method('of', { parameters: [{ name: 'name', type: text }] }), []],
  ])('%s', (_what, assembly, found) => {
    expect(collisionsOf(assembly)).toEqual(found);
  });
});

import { CLASSES, ENUMS, LISTS, STRUCTS } from '../../src/policy/shapes';
import { read } from './support/repository';

interface Type {
  readonly kind: 'class' | 'enum' | 'interface';
  readonly name: string;
  readonly datatype?: boolean;
  readonly properties?: readonly { readonly name: string; readonly type: Reference }[];
}

interface Reference {
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: Reference };
}

const { types } = JSON.parse(read('.jsii')) as { readonly types: Readonly<Record<string, Type>> };

/** Every prop, by its path, that takes something of this library's own, and each list of such things. */
function shapes(struct: string, prefix = ''): { readonly path: string; readonly type: Type; readonly list: boolean }[] {
  return (types[struct]!.properties ?? []).flatMap(({ name, type: { fqn, collection } }) => {
    const named = fqn ?? collection?.elementtype.fqn ?? '';
    const type = types[named];
    if (!type) return [];
    const path = `${prefix}${name}`;
    return [{ path, type, list: collection !== undefined }, ...(type.datatype ? shapes(named, `${path}.`) : [])];
  });
}

test('the shape of every prop is checked before anything else, whatever the language passes', () => {
  const all = shapes('cdk-auth-service.AuthServiceProps');
  const paths = (select: (shape: (typeof all)[number]) => boolean): string[] => all.filter(select).map(({ path }) => path).sort();
  expect(paths(({ type }) => type.datatype === true)).toEqual([...STRUCTS].sort());
  expect(paths(({ list }) => list)).toEqual([...LISTS].sort());
  expect(paths(({ type }) => type.kind === 'enum')).toEqual(Object.keys(ENUMS).sort());
  expect(all.filter(({ type }) => type.kind === 'class').map(({ path, type }) => [path, type.name]).sort())
    .toEqual(Object.entries(CLASSES).map(([path, [{ name }]]) => [path, name]).sort());
});

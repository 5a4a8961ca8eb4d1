/** The parts of a jsii assembly (`.jsii`) that the law of the public API looks at. */
export interface Assembly {
  readonly types?: Readonly<Record<string, ApiType>>;
  readonly submodules?: Readonly<Record<string, unknown>>;
}

interface Docs {
  readonly summary?: string;
  readonly default?: string;
}

type TypeReference =
  | { readonly primitive: string }
  | { readonly fqn: string }
  | { readonly collection: { readonly kind: 'array' | 'map'; readonly elementtype: TypeReference } }
  | { readonly union: { readonly types: readonly TypeReference[] } }
  | { readonly intersection: { readonly types: readonly TypeReference[] } };

interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly optional?: boolean;
  readonly static?: boolean;
  readonly overrides?: string;
}

/** A method, or a constructor. */
export interface Callable {
  readonly parameters?: readonly Parameter[];
}

export interface ApiType {
  readonly kind: 'class' | 'interface' | 'enum';
  readonly name: string;
  readonly docs?: Docs;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly properties?: ReadonlyArray<Member & { readonly type: TypeReference }>;
  readonly methods?: ReadonlyArray<Member & Callable & { readonly returns?: { readonly type: TypeReference } }>;
  readonly initializer?: Callable;
  readonly members?: readonly Member[];
  readonly locationInModule?: { readonly filename: string; readonly line: number };
}

interface Parameter {
  readonly name: string;
  readonly type: TypeReference;
}

/** Names that are keywords or already taken in one of the five languages, or mean something else to every CDK user. */
const reservedProps = new Set(['scope', 'id', 'lambda', 'from', 'default', 'type', 'event', 'map']);

/** Everything about an assembly that some language would lose or show badly, a line each. */
export function faultsOf(assembly: Assembly): string[] {
  const faults = Object.values(assembly.types ?? {}).flatMap((type) => [
    ...undocumented(type),
    ...shapes(type),
    ...names(type),
    ...structs(type),
    ...dataInterfaces(type),
  ]);
  if (Object.keys(assembly.submodules ?? {}).length > 0) faults.push('the namespace is one and flat: no submodules');
  return faults.sort();
}

function undocumented(type: ApiType): string[] {
  const members = [...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])];
  return [
    ...(type.docs?.summary ? [] : [`${type.name}: no docstring`]),
    ...members.filter((member) => !member.docs?.summary && !member.overrides).map((member) => `${type.name}.${member.name}: no docstring`),
  ];
}

function shapes(type: ApiType): string[] {
  const used: Array<readonly [place: string, reference: TypeReference]> = [
    ...(type.properties ?? []).map((property) => [`${type.name}.${property.name}`, property.type] as const),
    ...(type.initializer?.parameters ?? []).map(({ name, type: reference }) => [`new ${type.name}(${name})`, reference] as const),
    ...(type.methods ?? []).flatMap((method) => [
      ...(method.parameters ?? []).map(({ name, type: reference }) => [`${type.name}.${method.name}(${name})`, reference] as const),
      ...(method.returns ? [[`${type.name}.${method.name}()`, method.returns.type] as const] : []),
    ]),
  ];
  return used.flatMap(([place, reference]) => shapeFaults(reference).map((fault) => `${place}: ${fault}`));
}

function shapeFaults(reference: TypeReference): string[] {
  if ('union' in reference) return ['a union: make it a class with factories'];
  if ('intersection' in reference) return ['an intersection'];
  if ('collection' in reference) {
    const { kind, elementtype } = reference.collection;
    return [...(kind === 'map' ? ['a string-keyed map: make it a list of structs'] : []), ...shapeFaults(elementtype)];
  }
  return 'primitive' in reference && (reference.primitive === 'any' || reference.primitive === 'json') ? [`type ${reference.primitive}`] : [];
}

function names(type: ApiType): string[] {
  const members = [...(type.properties ?? []), ...(type.methods ?? [])];
  return members
    .filter(({ name }) => name.toLowerCase() === type.name.toLowerCase())
    .map(({ name }) => `${type.name}.${name}: named like its class, which C# refuses`);
}

function structs(type: ApiType): string[] {
  if (!type.datatype) return [];
  const properties = type.properties ?? [];
  return [
    ...properties.filter(({ optional, docs }) => optional && !docs?.default).map(({ name }) => `${type.name}.${name}: optional without @default`),
    ...properties.filter(({ name }) => reservedProps.has(name)).map(({ name }) => `${type.name}.${name}: a reserved name`),
  ];
}

function dataInterfaces(type: ApiType): string[] {
  const behaves = type.datatype || type.kind !== 'interface' || (type.methods ?? []).length > 0 || (type.interfaces ?? []).length > 0;
  return behaves ? [] : [`${type.name}: an I-interface with data only: drop the I to make it a struct`];
}

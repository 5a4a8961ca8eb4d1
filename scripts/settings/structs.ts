/** What jsii knows of a library, as far as structs go. */
export interface Assembly {
  readonly name: string;
  readonly types: Readonly<Record<string, JsiiType>>;
}

interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
}

interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: string; readonly elementtype: TypeReference };
}

interface JsiiType {
  readonly kind: string;
  readonly datatype?: boolean;
  readonly name: string;
  readonly docs?: Docs;
  readonly interfaces?: readonly string[];
  readonly properties?: readonly { readonly name: string; readonly optional?: boolean; readonly type: TypeReference; readonly docs?: Docs }[];
  readonly methods?: readonly { readonly static?: boolean; readonly parameters?: readonly { readonly type: TypeReference }[] }[];
}

export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly byDefault: string;
  readonly text: string;
}

export interface Struct {
  readonly name: string;
  readonly summary: string;
  readonly members: readonly Member[];
}

/** A struct and all that can be reached from it: through members, lists, and the options of factories. In the order of their first use. */
export function structsOf(assembly: Assembly, root: string): Struct[] {
  const structs = new Map<string, Struct>();
  const seen = new Set<string>();
  const visit = (fqn: string | undefined): void => {
    const found = fqn === undefined || seen.has(fqn) ? undefined : assembly.types[fqn];
    if (!found) return;
    seen.add(fqn!);
    if (found.kind === 'interface' && found.datatype) structs.set(fqn!, structOf(assembly, found));
    for (const property of propertiesOf(assembly, found)) if (found.datatype) visit(referred(property.type));
    for (const method of found.methods ?? []) if (method.static) method.parameters?.forEach(({ type }) => visit(referred(type)));
  };
  visit(`${assembly.name}.${root}`);
  return [...structs.values()];
}

/** Own members and inherited ones, in alphabetical order: the compiler's own order is none. */
function propertiesOf(assembly: Assembly, type: JsiiType): NonNullable<JsiiType['properties']> {
  const inherited = (type.interfaces ?? []).flatMap((fqn) => (assembly.types[fqn] ? propertiesOf(assembly, assembly.types[fqn]) : []));
  return [...type.properties ?? [], ...inherited].sort((a, b) => Number(a.optional ?? false) - Number(b.optional ?? false) || (a.name < b.name ? -1 : 1));
}

function structOf(assembly: Assembly, type: JsiiType): Struct {
  const members = propertiesOf(assembly, type).map(({ name, optional = false, type: reference, docs = {} }): Member => ({
    name,
    optional,
    type: typeName(reference),
    byDefault: optional ? defaultText(docs.default) : '',
    text: [docs.summary, docs.remarks].filter((part) => part !== undefined).join(' '),
  }));
  return { name: type.name, summary: [type.docs?.summary, type.docs?.remarks].filter((part) => part !== undefined).join('\n\n'), members };
}

function defaultText(text = ''): string {
  return text.startsWith('- ') ? text.slice(2) : `\`${text}\``;
}

function referred(reference: TypeReference): string | undefined {
  return reference.fqn ?? (reference.collection && referred(reference.collection.elementtype));
}

function typeName(reference: TypeReference): string {
  if (reference.collection) return `list of ${typeName(reference.collection.elementtype)}`;
  return reference.primitive ?? `\`${reference.fqn!.slice(reference.fqn!.lastIndexOf('.') + 1)}\``;
}

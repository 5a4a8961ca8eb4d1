/** A template, as far as references go. */
export interface TemplateJson {
  readonly Resources?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/** What names what: `Fn::GetAtt`, `Ref`, `Fn::Sub`, `DependsOn`, between templates also `Fn::ImportValue`. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The graph of some templates, by stack name. Nodes are `stack/logicalId`. */
export function referencesOf(templates: Readonly<Record<string, TemplateJson>>): Graph {
  const exported = exportsOf(templates);
  const graph = new Map<string, Set<string>>();
  for (const [stack, template] of Object.entries(templates)) {
    const own = new Set(Object.keys(template.Resources ?? {}));
    for (const [id, resource] of Object.entries(template.Resources ?? {})) {
      const targets = new Set<string>();
      walk(resource, (name) => own.has(name) && targets.add(`${stack}/${name}`), (name) => exported.get(name)?.forEach((target) => targets.add(target)));
      graph.set(`${stack}/${id}`, targets);
    }
  }
  return graph;
}

/** Stacks that wait for each other do not deploy, even when their resources do not: each whole stack is one node here. */
export function stackReferencesOf(graph: Graph, dependencies: Readonly<Record<string, readonly string[]>> = {}): Graph {
  const result = new Map<string, Set<string>>(Object.entries(dependencies).map(([stack, others]) => [stack, new Set(others)]));
  const stackOf = (node: string) => node.slice(0, node.indexOf('/'));
  for (const [from, targets] of graph) {
    const others = result.get(stackOf(from)) ?? new Set<string>();
    for (const target of targets) if (stackOf(target) !== stackOf(from)) others.add(stackOf(target));
    result.set(stackOf(from), others);
  }
  return result;
}

/** The first cycle, closed (`a, b, a`), or undefined. */
export function cycleOf(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const target of graph.get(node) ?? []) {
      const cycle = visit(target);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}

/** What an exported name stands for. Names are compared as text: both sides are made by the same synthesizer. */
function exportsOf(templates: Readonly<Record<string, TemplateJson>>): Map<string, string[]> {
  const exported = new Map<string, string[]>();
  for (const [stack, { Outputs = {} }] of Object.entries(templates)) {
    for (const output of Object.values(Outputs) as { Value: unknown; Export?: { Name: unknown } }[]) {
      if (!output.Export) continue;
      const targets: string[] = [];
      walk(output.Value, (name) => targets.push(`${stack}/${name}`), () => undefined);
      exported.set(JSON.stringify(output.Export.Name), targets);
    }
  }
  return exported;
}

function walk(value: unknown, named: (logicalId: string) => void, imported: (name: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, named, imported);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'Ref' && typeof child === 'string') named(child);
    else if (key === 'DependsOn') [child].flat().forEach((name) => named(String(name)));
    else if (key === 'Fn::GetAtt') named(typeof child === 'string' ? child.split('.')[0]! : String(child[0]));
    else if (key === 'Fn::Sub') ofSub(child, named, imported);
    else if (key === 'Fn::ImportValue') imported(JSON.stringify(child));
    else walk(child, named, imported);
  }
}

function ofSub(value: string | [string, Record<string, unknown>], named: (logicalId: string) => void, imported: (name: string) => void): void {
  const [text, variables] = typeof value === 'string' ? [value, {}] : value;
  for (const [, name = ''] of text.matchAll(/\$\{(?!!)([^}]+)\}/g)) {
    if (!(name in variables)) named(name.split('.')[0]!);
  }
  walk(variables, named, imported);
}

import { decode } from './message';

/** A route that a path fits, with the values of its parameters. */
export interface RouteMatch<T> {
  readonly value: T;
  readonly parameters: Record<string, string>;
}

interface Node<T> {
  readonly fixed: Map<string, Node<T>>;
  parameter?: { readonly name: string; readonly node: Node<T> };
  greedy?: { readonly name: string; readonly value: T };
  value?: T;
}

/** Finds the most specific resource: fixed segments before `{parameter}` before `{greedy+}`. */
export class RouteTree<T> {
  private readonly root: Node<T> = { fixed: new Map() };

  add(path: string, value: T): void {
    let node = this.root;
    for (const segment of segmentsOf(path)) {
      const [, name, plus] = /^\{([^+}]+)(\+?)\}$/.exec(segment) ?? [];
      if (name === undefined) {
        node = child(node, segment);
      } else if (plus) {
        node.greedy = { name, value };
        return;
      } else {
        node.parameter ??= { name, node: { fixed: new Map() } };
        node = node.parameter.node;
      }
    }
    node.value = value;
  }

  match(path: string): RouteMatch<T> | undefined {
    return find(this.root, segmentsOf(path), {});
  }
}

function child<T>(node: Node<T>, segment: string): Node<T> {
  const known = node.fixed.get(segment);
  if (known) return known;
  const created: Node<T> = { fixed: new Map() };
  node.fixed.set(segment, created);
  return created;
}

/** A trailing slash names the same resource; an empty segment within does not. */
function segmentsOf(path: string): string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function find<T>(node: Node<T>, segments: readonly string[], parameters: Record<string, string>): RouteMatch<T> | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) return node.value === undefined ? undefined : { value: node.value, parameters };
  const fixed = node.fixed.get(decode(segment));
  const exact = fixed && find(fixed, rest, parameters);
  if (exact) return exact;
  if (node.parameter && segment !== '') {
    const match = find(node.parameter.node, rest, { ...parameters, [node.parameter.name]: decode(segment) });
    if (match) return match;
  }
  if (!node.greedy) return undefined;
  return { value: node.greedy.value, parameters: { ...parameters, [node.greedy.name]: segments.map((part) => decode(part)).join('/') } };
}

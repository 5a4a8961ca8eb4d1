import { isRecord, Template, TemplateResource, UserError } from './types';

/** Logical ids that a resource must wait for: what it refers to and its DependsOn. */
export function dependenciesOf(resource: TemplateResource, resources: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  collectReferences(resource.Properties, found);
  const dependsOn = resource.DependsOn ?? [];
  for (const id of typeof dependsOn === 'string' ? [dependsOn] : dependsOn) found.add(id);
  return new Set([...found].filter((id) => resources.has(id)));
}

function collectReferences(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) collectReferences(element, found);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, argument] of Object.entries(value)) {
    if (key === 'Ref' && typeof argument === 'string') {
      found.add(argument);
    } else if (key === 'Fn::GetAtt') {
      const id = Array.isArray(argument) ? argument[0] : String(argument).split('.')[0];
      if (typeof id === 'string') found.add(id);
    } else if (key === 'Fn::Sub') {
      const text = Array.isArray(argument) ? argument[0] : argument;
      for (const [, name] of String(text).matchAll(/\$\{([^!}][^}]*)\}/g)) found.add(name!.trim().split('.')[0]!);
      if (Array.isArray(argument)) collectReferences(argument[1], found);
    } else {
      collectReferences(argument, found);
    }
  }
}

/** Logical ids so that each comes after what it depends on; otherwise in the template's order. */
export function inCreationOrder(stackName: string, template: Template, included: ReadonlySet<string>): string[] {
  const resources = template.Resources ?? {};
  const ordered: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string, trail: readonly string[]) => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      const circle = [...trail.slice(trail.indexOf(id)), id].join(' -> ');
      throw new UserError(`stack ${stackName}: circular dependency ${circle}`);
    }
    state.set(id, 'open');
    for (const dependency of dependenciesOf(resources[id]!, included)) visit(dependency, [...trail, id]);
    state.set(id, 'done');
    ordered.push(id);
  };
  for (const id of Object.keys(resources)) if (included.has(id)) visit(id, []);
  return ordered;
}

/** A condition may drop resources that nothing may then name; DependsOn on something that never was is an error. */
export function checkReferences(stackName: string, template: Template): void {
  const resources = template.Resources ?? {};
  const known = new Set([...Object.keys(resources), ...Object.keys(template.Parameters ?? {})]);
  for (const [id, resource] of Object.entries(resources)) {
    const references = new Set<string>();
    collectReferences(resource.Properties, references);
    const subVariables = localSubVariables(resource.Properties);
    const dependsOn = resource.DependsOn ?? [];
    for (const name of typeof dependsOn === 'string' ? [dependsOn] : dependsOn) references.add(name);
    for (const name of references) {
      if (!known.has(name) && !name.startsWith('AWS::') && !subVariables.has(name)) {
        throw new UserError(`stack ${stackName}: ${id} refers to ${name}, which the template does not have`);
      }
    }
  }
}

function localSubVariables(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    for (const element of value) localSubVariables(element, found);
  } else if (isRecord(value)) {
    const sub = value['Fn::Sub'];
    if (Array.isArray(sub) && isRecord(sub[1])) for (const name of Object.keys(sub[1])) found.add(name);
    for (const element of Object.values(value)) localSubVariables(element, found);
  }
  return found;
}

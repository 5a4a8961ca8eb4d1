import { App, CfnResource, Stack } from 'aws-cdk-lib';
import type { AuthServiceProps } from 'cdk-auth-service';
import { AuthService } from 'cdk-auth-service';

export interface Made {
  readonly Type: string;
  readonly Properties: Record<string, any>;
}

/** Resources of a service by logical id, each as it will stand in the template; without the rest of a synthesis, which takes longer. */
export function resourcesOf(props: AuthServiceProps | ((stack: Stack) => AuthServiceProps) = {}): Record<string, Made> {
  const stack = new Stack(new App(), 'Stack');
  const auth = new AuthService(stack, 'Auth', typeof props === 'function' ? props(stack) : props);
  const children = auth.node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child));
  return Object.assign({}, ...children.map((child) => {
    const { Resources } = stack.resolve(child._toCloudFormation()) as { Resources: Record<string, Partial<Made>> };
    return Object.fromEntries(Object.entries(Resources).map(([id, resource]) => [id, { Properties: {}, ...resource }]));
  }));
}

/** How many resources of each type there are. */
export function countsOf(resources: Record<string, Made>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  return counts;
}

/** What one service has more or less than another, in words. */
export function difference(before: Map<string, number>, after: Map<string, number>): string {
  const changes = [...new Set([...before.keys(), ...after.keys()])].sort()
    .map((type) => [type.replace('AWS::', ''), (after.get(type) ?? 0) - (before.get(type) ?? 0)] as const)
    .filter(([, change]) => change !== 0)
    .map(([type, change]) => `${change > 0 ? '+' : '−'}${Math.abs(change)} ${type}`);
  return changes.length === 0 ? 'nothing; changes values' : changes.join(', ');
}

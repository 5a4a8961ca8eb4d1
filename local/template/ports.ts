import { withNested } from './nested';
import { StackTemplate, TemplateResource } from './types';

const FRONTS: readonly string[] = ['AWS::CloudFront::Distribution', 'AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName'];
const APIS: readonly string[] = ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'];

/** Keys of the resources that get a port each, those of nested stacks too: what a person calls first comes first. */
export function portsOf(stacks: readonly StackTemplate[]): string[] {
  const all = stacks.flatMap(withNested);
  const keysOf = (types: readonly string[]) => all.flatMap(({ name, template }) =>
    Object.entries(template.Resources ?? {}).filter(([, { Type }]) => types.includes(Type)).map(([id]) => `${name}/${id}`));
  return [...keysOf(FRONTS), ...keysOf(APIS)];
}

/** The host names that a resource answers for, not yet resolved. */
export function hostsOf({ Type, Properties: properties = {} }: TemplateResource): unknown[] {
  if (!FRONTS.includes(Type)) return [];
  if (Type !== 'AWS::CloudFront::Distribution') return [properties.DomainName];
  const { Aliases: aliases } = (properties.DistributionConfig ?? {}) as Record<string, unknown>;
  return Array.isArray(aliases) ? aliases : [];
}

import { stableUuid } from '../template/names';
import { listOf, ProviderInput, Providers, textOf } from './provider';

function identity({ resource, place }: ProviderInput, kind: string) {
  const name = textOf(resource.properties, 'Name') ?? resource.generatedName;
  const id = stableUuid(resource.key);
  const scope = textOf(resource.properties, 'Scope') ?? 'REGIONAL';
  const where = scope === 'CLOUDFRONT' ? 'global' : 'regional';
  const arn = `arn:${place.partition}:wafv2:${place.region}:${place.accountId}:${where}/${kind}/${name}/${id}`;
  return { arn, provisioned: { ref: `${name}|${id}|${scope}`, attributes: { Arn: arn, Id: id } } };
}

export const firewallProviders: Providers = {
  'AWS::WAFv2::IPSet': (input) => {
    const { arn, provisioned } = identity(input, 'ipset');
    input.world.firewall.addIpSet(arn, listOf(input.resource.properties, 'Addresses'));
    return provisioned;
  },
  'AWS::WAFv2::RegexPatternSet': (input) => {
    const { arn, provisioned } = identity(input, 'regexpatternset');
    input.world.firewall.addPatternSet(arn, listOf(input.resource.properties, 'RegularExpressionList'));
    return provisioned;
  },
  'AWS::WAFv2::WebACL': (input) => {
    const { arn, provisioned } = identity(input, 'webacl');
    const notEvaluated = input.world.firewall.addWebAcl(arn, input.resource.properties);
    return { ...provisioned, attributes: { ...provisioned.attributes, Capacity: 0, LabelNamespace: '' }, notEvaluated };
  },
  'AWS::WAFv2::WebACLAssociation': ({ resource, world }) => {
    world.firewall.associate(String(resource.properties.ResourceArn), String(resource.properties.WebACLArn));
    return { ref: resource.generatedName, attributes: {} };
  },
};

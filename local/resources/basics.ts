import { nestedStackOf } from '../template/nested';
import { mapOf, ProviderInput, Providers } from './provider';

async function nestedStack({ resource, metadata, place, world }: ProviderInput) {
  const ref = `arn:${place.partition}:cloudformation:${place.region}:${place.accountId}:stack/${resource.generatedName}`;
  const nested = nestedStackOf(place.stack, resource.logicalId, { Type: resource.type, Properties: resource.properties, Metadata: metadata });
  if (nested === undefined) return { ref, attributes: {}, notEvaluated: ['template that is not among the assets'] };
  const outputs = await world.nestedStack(nested, mapOf(resource.properties, 'Parameters'));
  return { ref, attributes: Object.fromEntries([...outputs].map(([name, value]) => [`Outputs.${name}`, value])) };
}

export const basicProviders: Providers = {
  'AWS::CloudFormation::Stack': nestedStack,
  'AWS::CloudFormation::WaitConditionHandle': ({ resource }) => ({ ref: resource.generatedName, attributes: {} }),
  'AWS::CDK::Metadata': ({ resource }) => ({ ref: resource.generatedName, attributes: {} }),
};

import path from 'node:path';
import { readTemplate } from '../template/assembly';
import { UserError } from '../template/types';
import { mapOf, ProviderInput, Providers, textOf } from './provider';

async function nestedStack({ resource, metadata, place, world }: ProviderInput) {
  const assetPath = textOf(metadata, 'aws:asset:path');
  if (assetPath === undefined) throw new UserError(`nested stack ${resource.logicalId} has no template among the assets`);
  const template = readTemplate(path.resolve(place.stack.directory, assetPath));
  const outputs = await world.nestedStack({ ...place.stack, name: resource.generatedName, template }, mapOf(resource.properties, 'Parameters'));
  const attributes = Object.fromEntries([...outputs].map(([name, value]) => [`Outputs.${name}`, value]));
  return { ref: `arn:${place.partition}:cloudformation:${place.region}:${place.accountId}:stack/${resource.generatedName}`, attributes };
}

export const basicProviders: Providers = {
  'AWS::CloudFormation::Stack': nestedStack,
  'AWS::CloudFormation::WaitConditionHandle': ({ resource }) => ({ ref: resource.generatedName, attributes: {} }),
  'AWS::CDK::Metadata': ({ resource }) => ({ ref: resource.generatedName, attributes: {} }),
  'AWS::Logs::LogGroup': ({ resource, place }) => {
    const name = textOf(resource.properties, 'LogGroupName') ?? resource.generatedName;
    return { ref: name, attributes: { Arn: `arn:${place.partition}:logs:${place.region}:${place.accountId}:log-group:${name}:*` } };
  },
};

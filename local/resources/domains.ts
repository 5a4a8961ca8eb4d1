import { CustomDomain } from '../gateway/domain/domain-gateway';
import { UserError } from '../template/types';
import { ProviderInput, Providers, textOf } from './provider';

async function createDomain({ resource, place, world }: ProviderInput) {
  const name = String(resource.properties.DomainName);
  await world.apis.addDomain(resource.key, { logicalId: resource.logicalId, stackName: resource.stackName, name, mappings: [] });
  const regional = `d-${name.replaceAll('.', '-')}.execute-api.${place.region}.${place.urlSuffix}`;
  return {
    ref: name,
    attributes: {
      DomainNameArn: `arn:${place.partition}:apigateway:${place.region}::/domainnames/${name}`,
      RegionalDomainName: regional, RegionalHostedZoneId: 'Z1UJRXOUMOOFQ8',
      DistributionDomainName: regional, DistributionHostedZoneId: 'Z2FDTNDATAQYW2',
    },
    notEvaluated: resource.properties.MutualTlsAuthentication === undefined ? [] : ['mutual TLS'],
  };
}

function map({ resource, world }: ProviderInput, apiId: unknown, basePath: string | undefined) {
  const { logicalId, properties, generatedName } = resource;
  const domain: CustomDomain | undefined = world.apis.domain(String(properties.DomainName));
  if (!domain) throw new UserError(`${logicalId} maps a path of the domain ${String(properties.DomainName)}, which is not in the app`);
  domain.mappings.push({ basePath: basePath === '(none)' ? '' : basePath ?? '', apiId: String(apiId), stage: textOf(properties, 'Stage') ?? '$default' });
  return { ref: generatedName, attributes: { ApiMappingId: generatedName } };
}

export const domainProviders: Providers = {
  'AWS::ApiGateway::DomainName': createDomain,
  'AWS::ApiGatewayV2::DomainName': createDomain,
  'AWS::ApiGateway::BasePathMapping': (input) => map(input, input.resource.properties.RestApiId, textOf(input.resource.properties, 'BasePath')),
  'AWS::ApiGatewayV2::ApiMapping': (input) => map(input, input.resource.properties.ApiId, textOf(input.resource.properties, 'ApiMappingKey')),
};

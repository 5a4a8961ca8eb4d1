import { Behavior, Distribution, DistributionDefinition, Origin } from '../gateway/cloudfront/definition';
import { CACHING_DISABLED, Choice, RequestPolicy } from '../gateway/cloudfront/forwarding';
import { ViewerFunction } from '../gateway/cloudfront/viewer-function';
import { distributionId, distributionLabel, stableUuid } from '../template/names';
import { isRecord } from '../template/types';
import { listOf, mapOf, numberOf, ProviderInput, Providers, textOf, textsOf } from './provider';

type Properties = Record<string, unknown>;

const READ_TIMEOUT_SECONDS = 30;
const DEFAULT_METHODS = ['GET', 'HEAD'];

async function createDistribution({ resource, place, world }: ProviderInput) {
  const config = mapOf(resource.properties, 'DistributionConfig');
  const id = distributionId(resource.key);
  const arn = `arn:${place.partition}:cloudfront::${place.accountId}:distribution/${id}`;
  const distribution: Distribution = {
    id, logicalId: resource.logicalId, stackName: resource.stackName,
    domainName: `${distributionLabel(resource.key)}.${place.partition === 'aws-cn' ? 'cloudfront.cn' : 'cloudfront.net'}`,
    definition: definitionOf(config),
  };
  await world.apis.addDistribution(resource.key, distribution);
  world.services.addDistribution({
    id, arn, domainName: distribution.domainName, config,
    changed: (updated) => {
      distribution.definition = definitionOf(updated);
    },
  });
  return { ref: id, attributes: { Id: id, DomainName: distribution.domainName }, notEvaluated: notEvaluated(config, world) };
}

function definitionOf(config: Properties): DistributionDefinition {
  const webAclArn = textOf(config, 'WebACLId');
  const behaviors = [...records(config, 'CacheBehaviors'), { ...mapOf(config, 'DefaultCacheBehavior'), PathPattern: '*' }];
  return {
    aliases: textsOf(config, 'Aliases'),
    ...(webAclArn === undefined || webAclArn === '' ? {} : { webAclArn }),
    origins: new Map(records(config, 'Origins').map(originOf).map((origin) => [origin.id, origin])),
    behaviors: behaviors.map(behaviorOf),
    errorLives: new Map(records(config, 'CustomErrorResponses').flatMap((error) => {
      const seconds = numberOf(error, 'ErrorCachingMinTTL');
      return seconds === undefined ? [] : [[Number(error.ErrorCode), seconds] as const];
    })),
  };
}

function originOf(properties: Properties): Origin {
  const timeout = numberOf(mapOf(properties, 'CustomOriginConfig'), 'OriginReadTimeout') ?? READ_TIMEOUT_SECONDS;
  return {
    id: String(properties.Id),
    domainName: String(properties.DomainName),
    path: textOf(properties, 'OriginPath') ?? '',
    customHeaders: records(properties, 'OriginCustomHeaders').map((header) => [String(header.HeaderName), String(header.HeaderValue)]),
    readTimeoutMs: timeout * 1000,
  };
}

function behaviorOf(properties: Properties): Behavior {
  const methods = textsOf(properties, 'AllowedMethods');
  const cachePolicyId = textOf(properties, 'CachePolicyId');
  const originRequestPolicyId = textOf(properties, 'OriginRequestPolicyId');
  const responseHeadersPolicyId = textOf(properties, 'ResponseHeadersPolicyId');
  const viewerRequest = records(properties, 'FunctionAssociations').find(({ EventType }) => EventType === 'viewer-request');
  return {
    pathPattern: String(properties.PathPattern),
    originId: String(properties.TargetOriginId),
    methods: methods.length === 0 ? DEFAULT_METHODS : methods,
    ...(cachePolicyId === undefined ? {} : { cachePolicyId }),
    ...(originRequestPolicyId === undefined ? {} : { originRequestPolicyId }),
    ...(responseHeadersPolicyId === undefined ? {} : { responseHeadersPolicyId }),
    ...(viewerRequest === undefined ? {} : { viewerRequest: String(viewerRequest.FunctionARN) }),
  };
}

function notEvaluated(config: Properties, world: ProviderInput['world']): string[] {
  const behaviors = [...records(config, 'CacheBehaviors'), mapOf(config, 'DefaultCacheBehavior')];
  const found = new Set<string>();
  const webAclArn = textOf(config, 'WebACLId');
  if (webAclArn && !world.firewall.byArn(webAclArn)) found.add('a web ACL from outside the app');
  if (records(config, 'CustomErrorResponses').some(({ ResponsePagePath: page }) => page !== undefined)) found.add('error pages');
  for (const behavior of behaviors) {
    const cachePolicyId = textOf(behavior, 'CachePolicyId');
    if (cachePolicyId === undefined) found.add('a behavior without a cache policy');
    else if (cachePolicyId !== CACHING_DISABLED && !world.apis.cloudFront.uncached.has(cachePolicyId)) found.add('caching');
    if (listOf(behavior, 'LambdaFunctionAssociations').length > 0) found.add('Lambda@Edge');
    const responseHeadersId = textOf(behavior, 'ResponseHeadersPolicyId');
    if (responseHeadersId !== undefined && !world.apis.cloudFront.responseHeaders.has(responseHeadersId)) found.add('a response headers policy from outside the app');
    if (records(behavior, 'FunctionAssociations').some(({ EventType }) => EventType !== 'viewer-request')) found.add('viewer-response functions');
  }
  return [...found];
}

const records = (properties: Properties, name: string): Properties[] => listOf(properties, name).filter(isRecord);

function createFunction({ resource, place, world }: ProviderInput) {
  const { properties } = resource;
  const name = textOf(properties, 'Name') ?? resource.generatedName;
  const arn = `arn:${place.partition}:cloudfront::${place.accountId}:function/${name}`;
  world.apis.cloudFront.functions.set(arn, new ViewerFunction(name, textOf(properties, 'FunctionCode') ?? ''));
  const stores = listOf(mapOf(properties, 'FunctionConfig'), 'KeyValueStoreAssociations');
  return {
    ref: arn,
    attributes: { 'FunctionARN': arn, 'FunctionMetadata.FunctionARN': arn, 'Stage': 'LIVE' },
    notEvaluated: stores.length > 0 ? ['key value stores'] : [],
  };
}

function choice(properties: Properties, behavior: string, names: string): Choice {
  const listed = textsOf(properties, names);
  switch (textOf(properties, behavior)) {
    case 'all':
    case 'allViewer':
    case 'allViewerAndWhitelistCloudFront': return { kind: 'all', names: [] };
    case 'whitelist': return { kind: 'only', names: listed };
    case 'allExcept': return { kind: 'allExcept', names: listed };
    default: return { kind: 'none', names: [] };
  }
}

const lowerCase = ({ kind, names }: Choice): Choice => ({ kind, names: names.map((name) => name.toLowerCase()) });

function policyOf(config: Properties): RequestPolicy {
  return {
    headers: lowerCase(choice(mapOf(config, 'HeadersConfig'), 'HeaderBehavior', 'Headers')),
    cookies: choice(mapOf(config, 'CookiesConfig'), 'CookieBehavior', 'Cookies'),
    queries: choice(mapOf(config, 'QueryStringsConfig'), 'QueryStringBehavior', 'QueryStrings'),
  };
}

function policy({ resource, world }: ProviderInput, config: RequestPolicy): { ref: string; attributes: Record<string, unknown> } {
  const id = stableUuid(resource.key);
  world.apis.cloudFront.policies.set(id, config);
  return { ref: id, attributes: { Id: id, LastModifiedTime: '' } };
}

export const cloudFrontProviders: Providers = {
  'AWS::CloudFront::Distribution': createDistribution,
  'AWS::CloudFront::Function': createFunction,
  'AWS::CloudFront::OriginRequestPolicy': (input) => policy(input, policyOf(mapOf(input.resource.properties, 'OriginRequestPolicyConfig'))),
  'AWS::CloudFront::CachePolicy': (input) => {
    const config = mapOf(input.resource.properties, 'CachePolicyConfig');
    const made = policy(input, policyOf(mapOf(config, 'ParametersInCacheKeyAndForwardedToOrigin')));
    if (numberOf(config, 'MaxTTL') === 0) input.world.apis.cloudFront.uncached.add(made.ref);
    return made;
  },
};

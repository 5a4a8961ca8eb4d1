import path from 'node:path';
import { parseFunctionReference } from '../lambda/arn';
import { accessKeyIdOf } from '../lambda/functions';
import { majorOf } from '../lambda/node-packages';
import { NodeVersions } from '../lambda/node-versions';
import { FunctionConfiguration } from '../lambda/types';
import { ProvisionedResource } from '../services/types';
import { UserError } from '../template/types';
import { isCrossRegionHelper } from './cross-region';
import { mapOf, numberOf, ProviderInput, Providers, textMapOf, textOf } from './provider';

const MAX_ENVIRONMENT_BYTES = 4096;

function createFunction({ resource, metadata, place, world }: ProviderInput): ProvisionedResource {
  const { properties } = resource;
  const name = textOf(properties, 'FunctionName') ?? resource.generatedName;
  const arn = `arn:${place.partition}:lambda:${place.region}:${place.accountId}:function:${name}`;
  const provisioned = { ref: name, attributes: { Arn: arn } };
  if (isCrossRegionHelper(resource.logicalId)) return provisioned;
  const runtime = textOf(properties, 'Runtime');
  if (runtime === undefined) return { ...provisioned, notEvaluated: ['container image'] };
  if (majorOf(runtime) === undefined) return { ...provisioned, notEvaluated: [`runtime ${runtime}`] };
  const assetPath = textOf(metadata, 'aws:asset:path');
  const codeDirectory = world.code.directory(
    resource.key, properties.Code, runtime, place.stack.assets, assetPath === undefined ? undefined : path.resolve(place.stack.directory, assetPath));
  if (codeDirectory === undefined) return { ...provisioned, notEvaluated: ['code that is not among the assets'] };
  const configuration = configure(resource.key, resource.logicalId, name, arn, runtime, codeDirectory, properties, world.nodeVersions);
  world.functions.add(configuration);
  world.services.registerPrincipal({
    accessKeyId: configuration.accessKeyId, functionKey: resource.key, logicalId: resource.logicalId, functionArn: arn, roleArn: configuration.roleArn,
  });
  return { ...provisioned, notEvaluated: notEvaluated(properties) };
}

function configure(
  key: string, logicalId: string, name: string, arn: string, runtime: string, codeDirectory: string,
  properties: Record<string, unknown>, nodeVersions: NodeVersions,
): FunctionConfiguration {
  const environment = textMapOf(mapOf(properties, 'Environment'), 'Variables');
  if (Buffer.byteLength(JSON.stringify(environment)) > MAX_ENVIRONMENT_BYTES) {
    throw new UserError(`function ${logicalId}: its environment variables are over the 4 KB that Lambda allows`);
  }
  const logging = mapOf(properties, 'LoggingConfig');
  const reserved = numberOf(properties, 'ReservedConcurrentExecutions');
  const logLevel = textOf(logging, 'ApplicationLogLevel');
  const description = textOf(properties, 'Description');
  return {
    key, logicalId, name, arn, runtime, codeDirectory, environment,
    roleArn: textOf(properties, 'Role') ?? '',
    handler: textOf(properties, 'Handler') ?? 'index.handler',
    memoryMb: numberOf(properties, 'MemorySize') ?? 128,
    timeoutMs: (numberOf(properties, 'Timeout') ?? 3) * 1000,
    logGroup: textOf(logging, 'LogGroup') ?? `/aws/lambda/${name}`,
    logFormat: textOf(logging, 'LogFormat') === 'JSON' ? 'JSON' : 'Text',
    ...(description === undefined ? {} : { description }),
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(reserved === undefined ? {} : { reserved }),
    accessKeyId: accessKeyIdOf(key),
    nodePath: nodeVersions.binaryFor(runtime, logicalId),
  };
}

function notEvaluated(properties: Record<string, unknown>): string[] {
  const known: [string, string][] = [
    ['Layers', 'layers'], ['VpcConfig', 'VPC'], ['FileSystemConfigs', 'file systems'], ['DeadLetterConfig', 'dead-letter target'], ['SnapStart', 'SnapStart'],
  ];
  return known.filter(([name]) => {
    const value = properties[name];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  }).map(([, label]) => label);
}

export const lambdaProviders: Providers = {
  'AWS::Lambda::Function': createFunction,
  'AWS::Lambda::Version': ({ resource, world, place }) => {
    const { name } = parseFunctionReference(String(resource.properties.FunctionName));
    const base = `arn:${place.partition}:lambda:${place.region}:${place.accountId}:function:${name}`;
    const version = world.functions.has(name) ? world.functions.publishVersion(name) : '1';
    return { ref: `${base}:${version}`, attributes: { Version: version, FunctionArn: `${base}:${version}` } };
  },
  'AWS::Lambda::Alias': ({ resource, world, place }) => {
    const { name } = parseFunctionReference(String(resource.properties.FunctionName));
    const alias = String(resource.properties.Name);
    if (world.functions.has(name)) world.functions.addAlias(name, alias, String(resource.properties.FunctionVersion));
    const arn = `arn:${place.partition}:lambda:${place.region}:${place.accountId}:function:${name}:${alias}`;
    const partly = resource.properties.RoutingConfig === undefined ? [] : ['weights between versions'];
    return { ref: arn, attributes: { AliasArn: arn }, notEvaluated: partly };
  },
  'AWS::Lambda::Permission': ({ resource, world }) => {
    world.functions.permissions.add(resource.properties);
    return { ref: resource.generatedName, attributes: { Id: resource.generatedName } };
  },
};

import { VirtualClock } from '../clock';
import { CustomResources } from '../custom-resources/custom-resources';
import { FirewallRegistry } from '../firewall/firewall';
import { ApiRegistry } from '../gateway/apis';
import { GatewayPlatform } from '../gateway/invoker';
import { CodeStore } from '../lambda/code';
import { Functions } from '../lambda/functions';
import { NodeVersions } from '../lambda/node-versions';
import { AwsServices, ProvisionedResource, ResolvedResource } from '../services/types';
import { StackTemplate } from '../template/types';

/** What resources are created into. */
export interface World {
  readonly clock: VirtualClock;
  readonly services: AwsServices;
  readonly functions: Functions;
  readonly code: CodeStore;
  readonly apis: ApiRegistry;
  readonly firewall: FirewallRegistry;
  readonly customResources: CustomResources;
  readonly nodeVersions: NodeVersions;
  /** Creates a nested stack; @returns its outputs. */
  readonly nestedStack: (stack: StackTemplate, parameters: Readonly<Record<string, unknown>>) => Promise<Map<string, unknown>>;
}

/** Account, Region and partition of a stack, and the functions behind its APIs. */
export interface StackPlace extends GatewayPlatform {
  readonly stack: StackTemplate;
}

export interface ProviderInput {
  readonly resource: ResolvedResource;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly place: StackPlace;
  readonly world: World;
}

/** Creates one resource of the front half's own types. */
export type Provider = (input: ProviderInput) => ProvisionedResource | Promise<ProvisionedResource>;

export type Providers = Readonly<Record<string, Provider>>;

/** Property readers: CloudFormation hands numbers and booleans over as text now and then. */
export function textOf(properties: Record<string, unknown>, name: string): string | undefined {
  const value = properties[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function numberOf(properties: Record<string, unknown>, name: string): number | undefined {
  const value = properties[name];
  return value === undefined || value === null || value === '' ? undefined : Number(value);
}

export function flagOf(properties: Record<string, unknown>, name: string): boolean {
  return properties[name] === true || properties[name] === 'true';
}

export function listOf(properties: Record<string, unknown>, name: string): unknown[] {
  const value = properties[name];
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

export function textsOf(properties: Record<string, unknown>, name: string): string[] {
  return listOf(properties, name).map(String);
}

export function mapOf(properties: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = properties[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function textMapOf(properties: Record<string, unknown>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(mapOf(properties, name)).map(([key, value]) => [key, String(value)]));
}

/** Name of the log group of an ARN; undefined for another destination, such as Firehose. */
export function logGroupOf(arn: string | undefined): string | undefined {
  return /:log-group:([^:]+)/.exec(arn ?? '')?.[1];
}

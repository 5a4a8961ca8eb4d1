import type { AppProps, Environment } from 'aws-cdk-lib';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AuthServiceProps } from '../../../src';
import { AuthService } from '../../../src';

/** Users' apps have them all, `new App()` has none. */
export function recommendedFlags(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(dirname(require.resolve('aws-cdk-lib/package.json')), 'recommended-feature-flags.json'), 'utf8'));
}

export const concrete: Environment = { account: '111111111111', region: 'eu-central-1' };

export interface Constructed {
  readonly app: App;
  readonly stack: Stack;
  readonly auth: AuthService;
}

export interface Synthesized extends Constructed {
  readonly template: Template;
}

/** A stack with one service. Props that need a scope get the stack. */
export function construct(
  props: AuthServiceProps | ((stack: Stack) => AuthServiceProps) = {},
  options: { readonly app?: AppProps; readonly env?: Environment } = {},
): Constructed {
  // Of the assembly the template is all that is looked at: neither its tree nor copies of the bundles.
  const app = new App({ treeMetadata: false, ...options.app });
  app.node.setContext(DISABLE_ASSET_STAGING_CONTEXT, true);
  const stack = new Stack(app, 'Stack', { env: options.env });
  const auth = new AuthService(stack, 'Auth', typeof props === 'function' ? props(stack) : props);
  return { app, stack, auth };
}

/** The same, synthesized: several times slower. */
export function synthesize(...given: Parameters<typeof construct>): Synthesized {
  const constructed = construct(...given);
  return { ...constructed, template: Template.fromStack(constructed.stack) };
}

let common: Synthesized | undefined;

/** The service with its defaults: synthesized once a file. */
export function defaults(): Synthesized {
  common ??= synthesize();
  return common;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Resources of a type by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The one resource of a type whose logical id begins like this. */
export function resource(template: Template, type: string, prefix: string): Resource {
  const found = Object.entries(resources(template, type)).filter(([id]) => id.startsWith(prefix));
  if (found.length !== 1) throw new Error(`${found.length} resources of ${type} begin with ${prefix}, expected 1`);
  return found[0]![1];
}

/** Logical ids of a type that begin like this. */
export function logicalId(template: Template, type: string, prefix: string): string {
  const found = Object.keys(resources(template, type)).filter((id) => id.startsWith(prefix));
  if (found.length !== 1) throw new Error(`${found.length} resources of ${type} begin with ${prefix}, expected 1`);
  return found[0]!;
}

/** A statement with its resources as `Table`, `Table/index`, `Secret` or what it says. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Every statement of the role of one function. */
export function statementsOf(template: Template, functionId: string): Statement[] {
  return Object.entries(resources(template, 'AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(`AuthFunctions${functionId}Role`) || id.startsWith(`AuthFunctions${functionId}Network`))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

export function list(value: string | string[]): string[] {
  return Array.isArray(value) ? value : [value];
}

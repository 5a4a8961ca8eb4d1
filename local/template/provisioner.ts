import { isCustomResource } from '../custom-resources/custom-resources';
import { PlannedFunction } from '../lambda/node-versions';
import { isCrossRegionHelper } from '../resources/cross-region';
import { Provider, StackPlace, World } from '../resources/provider';
import { ProvisionedResource, ResolvedResource } from '../services/types';
import { checkReferences, inCreationOrder } from './graph';
import { Resolver, Scope } from './intrinsics';
import { generatedName, stableUuid } from './names';
import { hostsOf } from './ports';
import { isRecord, StackTemplate, TemplateParameter, UserError } from './types';

/** Something of the template that has no effect here. */
export interface NotEvaluated {
  readonly type: string;
  readonly logicalId: string;
  /** Part of the resource; absent: the whole of it. */
  readonly part?: string;
}

export interface ProvisionerOptions {
  readonly world: World;
  readonly provider: (type: string) => Provider | undefined;
  readonly placeOf: (stack: StackTemplate) => StackPlace;
  /** Values for template parameters, by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Creates the resources of one stack after another, and keeps what stacks export to each other. */
export class Provisioner {
  readonly notEvaluated: NotEvaluated[] = [];
  readonly outputs = new Map<string, Map<string, unknown>>();
  /** Types that have no effect on a running app: not worth a line. */
  private static readonly quiet = new Set(['AWS::CDK::Metadata']);
  private readonly exports = new Map<string, unknown>();

  constructor(private readonly options: ProvisionerOptions) {}

  /**
   * Tells of the host names that a stack will answer for. A template spells out its custom domain where the domain itself is not created
   * yet, in the environment of its functions or in another stack. Names that depend on other resources become known with them.
   */
  announce(stack: StackTemplate): void {
    for (const [id, resource] of Object.entries(stack.template.Resources ?? {})) {
      for (const host of hostsOf(resource)) {
        try {
          const resolver = new Resolver(this.scope(stack, this.options.placeOf(stack), new Map(), this.parameters(stack, {})));
          this.options.world.apis.announce(resolver.text(host), `${stack.name}/${id}`);
        } catch (error) {
          // Not to be known yet: what really is wrong comes to light when the stack is created.
          if (!(error instanceof UserError)) throw error;
        }
      }
    }
  }

  /** The functions that a stack will have, as far as that can be told before anything exists. */
  plannedFunctions(stack: StackTemplate): PlannedFunction[] {
    const resolver = new Resolver(this.scope(stack, this.options.placeOf(stack), new Map(), this.givenParameters(stack)));
    return Object.entries(stack.template.Resources ?? {}).flatMap(([logicalId, { Type: type, Properties: properties = {}, Condition: condition }]) => {
      if (type !== 'AWS::Lambda::Function' || properties.Runtime === undefined || isCrossRegionHelper(logicalId)) return [];
      try {
        if (condition !== undefined && !resolver.condition(condition)) return [];
        return [{ logicalId, runtime: resolver.text(properties.Runtime), exact: isOfTheService(properties) }];
      } catch (error) {
        if (error instanceof UserError) return [];
        throw error;
      }
    });
  }

  /** @returns the outputs of the stack. */
  async provision(stack: StackTemplate, given: Readonly<Record<string, unknown>> = {}): Promise<Map<string, unknown>> {
    this.announce(stack);
    const place = this.options.placeOf(stack);
    const created = new Map<string, ProvisionedResource>();
    if (stack.template.Transform !== undefined) this.notEvaluated.push({ type: 'Transform', logicalId: JSON.stringify(stack.template.Transform) });
    checkReferences(stack.name, stack.template);
    const resolver = new Resolver(this.scope(stack, place, created, this.parameters(stack, given)));
    const resources = stack.template.Resources ?? {};
    const included = new Set(Object.keys(resources).filter((id) => {
      const condition = resources[id]!.Condition;
      return condition === undefined || resolver.condition(condition);
    }));
    for (const id of inCreationOrder(stack.name, stack.template, included)) {
      const { Type: type, Properties: properties, Metadata: metadata } = resources[id]!;
      const resource: ResolvedResource = {
        key: `${stack.name}/${id}`, stackName: stack.name, logicalId: id, type,
        properties: resolver.properties(properties),
        generatedName: generatedName(stack.name, id),
      };
      created.set(id, await this.create(resource, metadata ?? {}, place));
    }
    return this.finish(stack, resolver);
  }

  private async create(resource: ResolvedResource, metadata: Readonly<Record<string, unknown>>, place: StackPlace): Promise<ProvisionedResource> {
    const { world, provider } = this.options;
    const { type, logicalId } = resource;
    const own = provider(type);
    let made: ProvisionedResource;
    try {
      if (own) made = await own({ resource, metadata, place, world });
      else if (isCustomResource(type)) made = await world.customResources.create(resource, String(this.pseudo(place)['AWS::StackId']));
      else if (world.services.supports(type)) made = await world.services.create(resource);
      else {
        if (!Provisioner.quiet.has(type)) this.notEvaluated.push({ type, logicalId });
        return { ref: resource.generatedName, attributes: {} };
      }
    } catch (error) {
      if (error instanceof UserError) throw new UserError(`stack ${resource.stackName}: ${error.message}`);
      throw new UserError(`stack ${resource.stackName}: ${logicalId} (${type}): ${(error as Error).message.split('\n')[0]}`);
    }
    for (const part of made.notEvaluated ?? []) this.notEvaluated.push({ type, logicalId, part });
    return made;
  }

  private finish(stack: StackTemplate, resolver: Resolver): Map<string, unknown> {
    const outputs = new Map<string, unknown>();
    for (const [name, output] of Object.entries(stack.template.Outputs ?? {})) {
      if (output.Condition !== undefined && !resolver.condition(output.Condition)) continue;
      const value = resolver.resolve(output.Value);
      outputs.set(name, value);
      if (output.Export) this.exports.set(resolver.text(output.Export.Name), value);
    }
    this.outputs.set(stack.name, outputs);
    return outputs;
  }

  private scope(stack: StackTemplate, place: StackPlace, created: ReadonlyMap<string, ProvisionedResource>, parameters: ReadonlyMap<string, unknown>): Scope {
    const { world } = this.options;
    const types = stack.template.Resources ?? {};
    return {
      stackName: stack.name,
      template: stack.template,
      pseudo: this.pseudo(place),
      parameters,
      ref: (id) => created.get(id)?.ref,
      attribute: (id, name) => {
        const resource = created.get(id);
        if (!resource) return undefined;
        const value = resource.attributes[name];
        const isKnown = isCustomResource(types[id]!.Type) && resource.notEvaluated === undefined;
        return value === undefined && !isKnown ? placeholder(types[id]!.Type, name, resource.ref, place) : value;
      },
      importValue: (name) => {
        if (!this.exports.has(name)) throw new UserError(`stack ${stack.name} imports ${name}, which no stack of the app exports`);
        return this.exports.get(name);
      },
      stackOutput: (stackName, name) => {
        const value = this.outputs.get(stackName)?.get(name);
        if (value === undefined) throw new UserError(`stack ${stack.name} reads the output ${name} of ${stackName}, which no stack before it has`);
        return value;
      },
      dynamicReference: (service, reference) => this.dynamicReference(stack, service, reference),
      rewrite: (text) => world.apis.rewrite(text),
    };
  }

  private pseudo(place: StackPlace): Record<string, unknown> {
    const { stack, partition, region, accountId, urlSuffix } = place;
    return {
      'AWS::Region': region,
      'AWS::AccountId': accountId,
      'AWS::Partition': partition,
      'AWS::URLSuffix': urlSuffix,
      'AWS::StackName': stack.name,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stack.name}/${stableUuid(stack.name)}`,
      'AWS::NotificationARNs': [],
    };
  }

  /** Values that are known before anything exists: other stacks give theirs to a nested one, and SSM has some. */
  private givenParameters(stack: StackTemplate): Map<string, unknown> {
    return new Map(Object.entries(stack.template.Parameters ?? {}).map(([name, { Default: byDefault }]) => [name, this.options.parameters[name] ?? byDefault ?? '']));
  }

  private parameters(stack: StackTemplate, given: Readonly<Record<string, unknown>>): Map<string, unknown> {
    const values = new Map<string, unknown>();
    for (const [name, parameter] of Object.entries(stack.template.Parameters ?? {})) {
      const value = given[name] ?? this.options.parameters[name] ?? parameter.Default;
      if (value === undefined) {
        throw new UserError(`stack ${stack.name}: parameter ${name} has no default, give it with --parameter ${name}=VALUE`);
      }
      values.set(name, this.parameterValue(stack, name, parameter, value));
    }
    return values;
  }

  private parameterValue(stack: StackTemplate, name: string, parameter: TemplateParameter, value: unknown): unknown {
    const isList = parameter.Type.includes('List<') || parameter.Type === 'CommaDelimitedList';
    const split = (text: string) => (isList ? text.split(',').map((part) => part.trim()) : text);
    if (!parameter.Type.startsWith('AWS::SSM::Parameter::Value<')) return typeof value === 'string' ? split(value) : isList ? value : String(value);
    const stored = this.options.world.services.parameterValue(String(value));
    if (stored !== undefined) return split(stored);
    // CDK writes the version of its bootstrap stack into every template; nothing reads it.
    if (String(value).startsWith('/cdk-bootstrap/')) return '99';
    throw new UserError(`stack ${stack.name}: parameter ${name} asks for the SSM parameter ${String(value)}, which no stack before it creates`);
  }

  private dynamicReference(stack: StackTemplate, service: string, reference: string): string {
    const { services } = this.options.world;
    const parts = reference.split(':');
    let value: string | undefined;
    if (service === 'ssm' || service === 'ssm-secure') {
      value = services.parameterValue(parts[0]!);
    } else if (service === 'secretsmanager') {
      // The id may be an ARN, which has colons itself.
      const idLength = reference.startsWith('arn:') ? 7 : 1;
      const [, jsonKey, versionStage] = parts.slice(idLength);
      value = services.secretValue(parts.slice(0, idLength).join(':'), jsonKey || undefined, versionStage || undefined);
    }
    if (value === undefined) throw new UserError(`stack ${stack.name}: {{resolve:${service}:${reference}}} has no value here`);
    return value;
  }
}

/** Functions of the service carry its name in their environment; the runbook finds them by it too. */
function isOfTheService({ Environment: environment }: Readonly<Record<string, unknown>>): boolean {
  return isRecord(environment) && isRecord(environment.Variables) && 'AUTH_SERVICE_NAME' in environment.Variables;
}

/** An attribute that nothing here gives: of the right form where the name tells it. */
function placeholder(type: string, name: string, ref: string, place: StackPlace): string {
  const service = (type.split('::')[1] ?? 'unknown').toLowerCase();
  return name.endsWith('Arn') ? `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${ref}` : `${ref}.${name}`;
}


import { isRecord, Template, UserError } from './types';

/** Everything an intrinsic function may ask for. */
export interface Scope {
  readonly stackName: string;
  readonly template: Template;
  /** `AWS::Region` and the like. */
  readonly pseudo: Readonly<Record<string, unknown>>;
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Undefined when the resource does not exist (its condition is false). */
  ref(logicalId: string): string | undefined;
  attribute(logicalId: string, name: string): unknown;
  importValue(exportName: string): unknown;
  /** Of another stack, which need not export it. */
  stackOutput(stackName: string, outputName: string): unknown;
  /** `{{resolve:service:reference}}`. */
  dynamicReference(service: string, reference: string): string;
  /** Last step of every string. */
  rewrite(text: string): string;
}

/** What `AWS::NoValue` resolves to: the property or element that holds it disappears. */
const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, resolver: Resolver) => unknown;

/** Evaluates intrinsic functions as CloudFormation does. */
export class Resolver {
  private readonly conditions = new Map<string, boolean>();

  constructor(readonly scope: Scope) {}

  resolve(value: unknown): unknown {
    const resolved = this.evaluate(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  properties(value: unknown): Record<string, unknown> {
    const resolved = this.resolve(value ?? {});
    return isRecord(resolved) ? resolved : {};
  }

  text(value: unknown): string {
    return scalar(this.resolve(value));
  }

  condition(name: string): boolean {
    const known = this.conditions.get(name);
    if (known !== undefined) return known;
    const definition = this.scope.template.Conditions?.[name];
    if (definition === undefined) throw this.error(`there is no condition ${name}`);
    const result = this.truth(definition);
    this.conditions.set(name, result);
    return result;
  }

  truth(definition: unknown): boolean {
    const value = isRecord(definition) && typeof definition.Condition === 'string' && Object.keys(definition).length === 1
      ? this.condition(definition.Condition)
      : this.evaluate(definition);
    return value === true || value === 'true';
  }

  evaluate(value: unknown): unknown {
    if (typeof value === 'string') return this.scope.rewrite(this.dynamic(value));
    if (Array.isArray(value)) return value.map((element) => this.evaluate(element)).filter((element) => element !== NO_VALUE);
    if (!isRecord(value)) return value;
    const keys = Object.keys(value);
    const only = keys.length === 1 ? keys[0]! : '';
    const intrinsic = only === 'Ref' || only.startsWith('Fn::') ? INTRINSICS[only] : undefined;
    if (intrinsic) {
      const result = intrinsic(value[only], this);
      return typeof result === 'string' ? this.scope.rewrite(this.dynamic(result)) : result;
    }
    if (only.startsWith('Fn::')) throw this.error(`${only} is not known`);
    const entries = keys.map((key) => [key, this.evaluate(value[key])] as const).filter(([, element]) => element !== NO_VALUE);
    return Object.fromEntries(entries);
  }

  list(value: unknown): unknown[] {
    const resolved = this.evaluate(value);
    if (!Array.isArray(resolved)) throw this.error(`a list was expected, got ${JSON.stringify(resolved)}`);
    return resolved;
  }

  error(problem: string): UserError {
    return new UserError(`stack ${this.scope.stackName}: ${problem}`);
  }

  private dynamic(text: string): string {
    return text.replaceAll(/\{\{resolve:([a-z-]+):([^}]+)\}\}/g, (_, service: string, reference: string) =>
      this.scope.dynamicReference(service, reference));
  }
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (argument, resolver) => reference(String(argument), resolver),
  'Fn::GetAtt': (argument, resolver) => {
    const [id, ...rest] = Array.isArray(argument) ? argument : String(argument).split('.');
    const name = rest.map((part) => resolver.text(part)).join('.');
    return attribute(String(id), name, resolver);
  },
  'Fn::Join': (argument, resolver) => {
    const [separator, values] = pair(argument, 'Fn::Join', resolver);
    return resolver.list(values).map(scalar).join(scalar(separator));
  },
  'Fn::Sub': (argument, resolver) => substitute(argument, resolver),
  'Fn::Select': (argument, resolver) => {
    const [index, values] = pair(argument, 'Fn::Select', resolver);
    const list = resolver.list(values);
    const chosen = list[Number(resolver.evaluate(index))];
    if (chosen === undefined) throw resolver.error(`Fn::Select has no element ${scalar(resolver.evaluate(index))} in a list of ${list.length}`);
    return chosen;
  },
  'Fn::Split': (argument, resolver) => {
    const [separator, text] = pair(argument, 'Fn::Split', resolver);
    return resolver.text(text).split(scalar(separator));
  },
  'Fn::If': (argument, resolver) => {
    if (!Array.isArray(argument) || argument.length !== 3) throw resolver.error('Fn::If needs a condition and two values');
    return resolver.evaluate(resolver.condition(String(argument[0])) ? argument[1] : argument[2]);
  },
  'Fn::Equals': (argument, resolver) => {
    const [left, right] = pair(argument, 'Fn::Equals', resolver);
    return scalar(resolver.evaluate(left)) === scalar(resolver.evaluate(right));
  },
  'Fn::And': (argument, resolver) => (argument as unknown[]).every((part) => resolver.truth(part)),
  'Fn::Or': (argument, resolver) => (argument as unknown[]).some((part) => resolver.truth(part)),
  'Fn::Not': (argument, resolver) => !resolver.truth((argument as unknown[])[0]),
  'Fn::Contains': (argument, resolver) => {
    const [values, wanted] = pair(argument, 'Fn::Contains', resolver);
    return resolver.list(values).map(scalar).includes(resolver.text(wanted));
  },
  'Fn::FindInMap': (argument, resolver) => findInMap(argument, resolver),
  'Fn::ImportValue': (argument, resolver) => resolver.scope.importValue(resolver.text(argument)),
  'Fn::GetStackOutput': (argument, resolver) => {
    const { StackName: stackName, OutputName: outputName } = resolver.properties(argument);
    return resolver.scope.stackOutput(String(stackName), String(outputName));
  },
  'Fn::Base64': (argument, resolver) => Buffer.from(resolver.text(argument), 'utf8').toString('base64'),
  'Fn::GetAZs': (argument, resolver) => {
    const region = resolver.text(argument) || String(resolver.scope.pseudo['AWS::Region']);
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::Cidr': (argument, resolver) => {
    const [block, count] = resolver.list(argument);
    return Array.from({ length: Number(count) }, (_, index) => `${scalar(block)}#${index}`);
  },
  'Fn::Length': (argument, resolver) => resolver.list(argument).length,
  'Fn::ToJsonString': (argument, resolver) => JSON.stringify(resolver.evaluate(argument)),
};

function reference(name: string, resolver: Resolver): unknown {
  const { scope } = resolver;
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name in scope.pseudo) return scope.pseudo[name];
  if (scope.parameters.has(name)) return scope.parameters.get(name);
  const ref = scope.ref(name);
  if (ref === undefined) throw resolver.error(`Ref ${name} has no value: the template has no such parameter or resource here`);
  return ref;
}

function attribute(id: string, name: string, resolver: Resolver): unknown {
  const value = resolver.scope.attribute(id, name);
  if (value === undefined) throw resolver.error(`Fn::GetAtt ${id}.${name} has no value`);
  return value;
}

function substitute(argument: unknown, resolver: Resolver): string {
  const [template, variables] = Array.isArray(argument) ? [argument[0], argument[1]] : [argument, {}];
  const own = isRecord(variables) ? variables : {};
  return String(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, inner: string) => {
    const name = inner.trim();
    if (literal) return `\${${inner}}`;
    if (name in own) return resolver.text(own[name]);
    const dot = name.indexOf('.');
    return scalar(dot < 0 ? reference(name, resolver) : attribute(name.slice(0, dot), name.slice(dot + 1), resolver));
  });
}

function findInMap(argument: unknown, resolver: Resolver): unknown {
  const [map, first, second, fallback] = argument as unknown[];
  const found = resolver.scope.template.Mappings?.[resolver.text(map)]?.[resolver.text(first)]?.[resolver.text(second)];
  if (found !== undefined) return found;
  if (isRecord(fallback) && 'DefaultValue' in fallback) return resolver.evaluate(fallback.DefaultValue);
  throw resolver.error(`Fn::FindInMap finds nothing at ${[map, first, second].map((part) => resolver.text(part)).join('/')}`);
}

function pair(argument: unknown, name: string, resolver: Resolver): [unknown, unknown] {
  if (!Array.isArray(argument) || argument.length !== 2) throw resolver.error(`${name} needs two arguments`);
  return [argument[0], argument[1]];
}

function scalar(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'symbol') return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

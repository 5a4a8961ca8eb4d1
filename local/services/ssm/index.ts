import { Account, arnIn, epochSeconds } from '../account';
import { AwsError, validationError } from '../errors';
import { operationOf } from '../operations';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { ProvisionedResource, ResolvedResource } from '../types';

export interface ParameterVersion {
  readonly value: string;
  readonly changedAt: number;
}

export interface Parameter {
  readonly name: string;
  type: string;
  description?: string;
  /** Oldest first; the version number is the position, from 1. */
  versions: ParameterVersion[];
}

export interface ParametersOptions extends Account {
  readonly now: () => number;
  readonly changed?: () => void;
}

type Operation = (input: Input) => unknown;

/** Systems Manager parameters. SecureString is kept and answered like any other. */
export class Parameters implements AwsService {
  readonly name = 'ssm';
  readonly endpointName = 'SSM';
  private readonly parameters = new Map<string, Parameter>();
  private readonly operations: Readonly<Record<string, Operation>>;
  private readonly changed: () => void;

  constructor(private readonly options: ParametersOptions) {
    this.changed = options.changed ?? (() => undefined);
    this.operations = this.operationTable();
  }

  call(operation: string, input: Input): ServiceAnswer {
    const known = operationOf('Systems Manager', this.operations, operation);
    return { output: known(input) };
  }

  resourceOf(_operation: string, input: Input): string | undefined {
    const names = input.Name ?? input.Names ?? input.Path;
    return Array.isArray(names) ? names.join(',') : (names as string | undefined);
  }

  permissionsOf(operation: string, input: Input): Permission[] {
    const action = `ssm:${operation}`;
    if (operation === 'DescribeParameters') return [{ action, resource: '*' }];
    const names = ((input.Names ?? [input.Name ?? input.Path]) as (string | undefined)[]).map((name) => String(name ?? ''));
    return names.map((name) => ({ action, resource: this.arnOf(selector(name).name) }));
  }

  throttled(): AwsError {
    return new AwsError('ThrottlingException', 'Rate exceeded');
  }

  conflict(): AwsError {
    return new AwsError('TooManyUpdates', 'There are concurrent updates for a resource that supports one update at a time.');
  }

  value(name: string): string | undefined {
    return this.parameters.get(name)?.versions.at(-1)?.value;
  }

  provision({ properties, generatedName }: ResolvedResource): ProvisionedResource {
    const name = (properties.Name as string | undefined) ?? `CFN-${generatedName}`;
    const value = stringOf(properties.Value);
    if (this.value(name) !== value) this.put({ Name: name, Type: properties.Type, Value: value, Description: properties.Description, Overwrite: true });
    return { ref: name, attributes: { Type: properties.Type, Value: value } };
  }

  snapshot(): Parameter[] {
    return [...this.parameters.values()];
  }

  restore(parameters: readonly Parameter[]): void {
    for (const parameter of parameters) this.parameters.set(parameter.name, parameter);
  }

  private operationTable(): Record<string, Operation> {
    return {
      PutParameter: (input) => this.put(input),
      GetParameter: (input) => {
        const found = this.find(String(input.Name ?? ''));
        if (!found) throw notFound();
        return { Parameter: found };
      },
      GetParameters: (input) => {
        const names = (input.Names ?? []) as string[];
        return {
          Parameters: names.map((name) => this.find(name)).filter((found) => found !== undefined),
          InvalidParameters: names.filter((name) => !this.find(name)),
        };
      },
      GetParametersByPath: (input) => {
        const path = `${String(input.Path ?? '/').replace(/\/$/, '')}/`;
        const below = [...this.parameters.keys()].filter((name) => name.startsWith(path) && (input.Recursive === true || !name.slice(path.length).includes('/')));
        return page(below.sort().map((name) => this.find(name)!), input, 'Parameters');
      },
      DescribeParameters: (input) => page([...this.parameters.values()].map((parameter) => ({
        Name: parameter.name,
        ARN: this.arnOf(parameter.name),
        Type: parameter.type,
        Version: parameter.versions.length,
        LastModifiedDate: epochSeconds(parameter.versions.at(-1)!.changedAt),
        ...(parameter.description === undefined ? {} : { Description: parameter.description }),
        Tier: 'Standard',
        DataType: 'text',
      })), input, 'Parameters'),
      DeleteParameter: (input) => {
        if (!this.parameters.delete(String(input.Name ?? ''))) throw notFound();
        this.changed();
        return {};
      },
      DeleteParameters: (input) => {
        const names = (input.Names ?? []) as string[];
        const deleted = names.filter((name) => this.parameters.delete(name));
        this.changed();
        return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
      },
    };
  }

  private put(input: Input): Record<string, unknown> {
    const { Name: name, Value: value, Type: type, Overwrite: overwrite } = input;
    if (typeof name !== 'string' || !/^[\w./-]{1,2048}$/.test(name)) throw validationError('Parameter name: can\'t be prefixed with "aws" or "ssm" and consists of a-zA-Z0-9_.-/');
    if (typeof value !== 'string' || value === '') throw validationError('Member must have length greater than or equal to 1');
    if (Buffer.byteLength(value) > 8192) throw validationError('Standard tier parameters support a maximum parameter value of 4096 characters, advanced ones of 8192');
    const existing = this.parameters.get(name);
    if (existing && overwrite !== true) throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
    if (!existing && typeof type !== 'string') throw validationError('A parameter type is required when you create a parameter.');
    const parameter: Parameter = existing ?? { name, type: type as string, versions: [] };
    if (typeof type === 'string') parameter.type = type;
    if (typeof input.Description === 'string') parameter.description = input.Description;
    parameter.versions.push({ value, changedAt: this.options.now() });
    this.parameters.set(name, parameter);
    this.changed();
    return { Version: parameter.versions.length, Tier: 'Standard' };
  }

  private find(reference: string): Record<string, unknown> | undefined {
    const { name, version } = selector(reference);
    const parameter = this.parameters.get(name);
    const number = version ?? parameter?.versions.length;
    const found = parameter?.versions[(number ?? 0) - 1];
    if (!parameter || !found) return undefined;
    return {
      Name: name,
      Type: parameter.type,
      Value: found.value,
      Version: number,
      LastModifiedDate: epochSeconds(found.changedAt),
      ARN: this.arnOf(name),
      DataType: 'text',
    };
  }

  private arnOf(name: string): string {
    return arnIn(this.options, 'ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
  }
}

/** `name`, `name:version` or an ARN. */
function selector(reference: string): { readonly name: string; readonly version?: number } {
  const plain = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(reference)?.[1] ?? reference;
  const [, name, version] = /^(.*?)(?::(\d+))?$/.exec(plain)!;
  return version === undefined ? { name: name! } : { name: name!, version: Number(version) };
}

const notFound = (): AwsError => new AwsError('ParameterNotFound', 'the parameter does not exist');

const stringOf = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

function page(all: readonly unknown[], input: Input, member: string): Record<string, unknown> {
  const size = Number(input.MaxResults ?? 10);
  const start = Number(input.NextToken ?? 0);
  return { [member]: all.slice(start, start + size), ...(start + size < all.length ? { NextToken: String(start + size) } : {}) };
}

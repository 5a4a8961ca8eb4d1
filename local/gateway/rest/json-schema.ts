import { isRecord } from '../../template/types';

/** Finds the schema behind `$ref`: another model of the API. */
export type ModelLookup = (modelName: string) => unknown;

/**
 * Problems of a value under a JSON schema (draft 4, the one that API Gateway's models are written in); empty when it fits.
 * Keywords of draft 4 are covered but for `format` and `dependencies`.
 */
export function schemaProblems(value: unknown, schema: unknown, root: unknown, models: ModelLookup, path = ''): string[] {
  if (!isRecord(schema)) return [];
  if (typeof schema.$ref === 'string') {
    const [target, newRoot] = dereference(schema.$ref, root, models);
    return schemaProblems(value, target, newRoot, models, path);
  }
  const inside = (inner: unknown, innerSchema: unknown, name: string | number) => schemaProblems(inner, innerSchema, root, models, `${path}/${name}`);
  const fits = (part: unknown) => schemaProblems(value, part, root, models, path).length === 0;
  const problems: string[] = [];
  const expect = (condition: boolean, text: string) => {
    if (!condition) problems.push(`${path || 'object'}: ${text}`);
  };

  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0) expect(types.some((type) => hasType(value, type)), `instance type (${typeName(value)}) does not match any allowed primitive type`);
  if (Array.isArray(schema.enum)) expect(schema.enum.some((allowed) => JSON.stringify(allowed) === JSON.stringify(value)), 'is not one of the allowed values');
  for (const part of list(schema.allOf)) problems.push(...schemaProblems(value, part, root, models, path));
  if (Array.isArray(schema.anyOf)) expect(schema.anyOf.some(fits), 'matches none of anyOf');
  if (Array.isArray(schema.oneOf)) expect(schema.oneOf.filter(fits).length === 1, 'does not match exactly one of oneOf');
  if (schema.not !== undefined) expect(!fits(schema.not), 'matches what it must not');

  if (typeof value === 'string') checkString(value, schema, expect);
  if (typeof value === 'number') checkNumber(value, schema, expect);
  if (Array.isArray(value)) {
    expect(value.length >= Number(schema.minItems ?? 0), 'has too few items');
    expect(value.length <= Number(schema.maxItems ?? Infinity), 'has too many items');
    if (schema.uniqueItems === true) expect(new Set(value.map((item) => JSON.stringify(item))).size === value.length, 'has equal items');
    const { items, additionalItems } = schema;
    value.forEach((item, index) => problems.push(...inside(item, Array.isArray(items) ? items[index] ?? additionalItems : items, index)));
  }
  if (isRecord(value)) {
    const known = isRecord(schema.properties) ? schema.properties : {};
    const patterns = Object.entries(isRecord(schema.patternProperties) ? schema.patternProperties : {});
    for (const name of list(schema.required)) expect(Object.hasOwn(value, String(name)), `missing required property ${String(name)}`);
    expect(Object.keys(value).length >= Number(schema.minProperties ?? 0), 'has too few properties');
    expect(Object.keys(value).length <= Number(schema.maxProperties ?? Infinity), 'has too many properties');
    for (const [name, inner] of Object.entries(value)) {
      const fitting = patterns.filter(([pattern]) => new RegExp(pattern).test(name));
      if (Object.hasOwn(known, name)) problems.push(...inside(inner, known[name], name));
      for (const [, innerSchema] of fitting) problems.push(...inside(inner, innerSchema, name));
      if (Object.hasOwn(known, name) || fitting.length > 0) continue;
      if (schema.additionalProperties === false) expect(false, `property ${name} is not allowed`);
      else problems.push(...inside(inner, schema.additionalProperties, name));
    }
  }
  return problems;
}

type Expect = (condition: boolean, text: string) => void;

function checkString(value: string, schema: Record<string, unknown>, expect: Expect): void {
  const length = [...value].length;
  expect(length >= Number(schema.minLength ?? 0), 'is too short');
  expect(length <= Number(schema.maxLength ?? Infinity), 'is too long');
  if (typeof schema.pattern === 'string') expect(new RegExp(schema.pattern, 'u').test(value), 'does not match the pattern');
}

function checkNumber(value: number, schema: Record<string, unknown>, expect: Expect): void {
  if (schema.minimum !== undefined) expect(schema.exclusiveMinimum === true ? value > Number(schema.minimum) : value >= Number(schema.minimum), 'is too small');
  if (schema.maximum !== undefined) expect(schema.exclusiveMaximum === true ? value < Number(schema.maximum) : value <= Number(schema.maximum), 'is too great');
  if (schema.multipleOf !== undefined) expect(Number.isInteger(value / Number(schema.multipleOf)), 'is not a multiple');
}

function hasType(value: unknown, type: unknown): boolean {
  const actual = typeName(value);
  return actual === type || (type === 'number' && actual === 'integer');
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `#/definitions/X` within a model; `https://apigateway.../models/<name>` another model. */
function dereference(reference: string, root: unknown, models: ModelLookup): [target: unknown, root: unknown] {
  if (!reference.startsWith('#')) {
    const model = models(reference.slice(reference.lastIndexOf('/') + 1));
    return [model, model];
  }
  let target = root;
  for (const part of reference.split('/').slice(1)) target = isRecord(target) ? target[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  return [target, root];
}

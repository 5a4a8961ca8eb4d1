import path from 'node:path';
import { readTemplate } from './assembly';
import { generatedName } from './names';
import { isRecord, StackTemplate, TemplateResource } from './types';

/** A nested stack as its parent's template declares it; undefined when its template is not among the assets. */
export function nestedStackOf(parent: StackTemplate, logicalId: string, resource: TemplateResource): StackTemplate | undefined {
  const { Properties: properties = {}, Metadata: metadata = {} } = resource;
  const inAssets = parent.assets.byObjectKey(objectKeyOf(properties.TemplateURL));
  // A synthesizer may leave the metadata out, or have no manifest of assets.
  const assetPath = metadata['aws:asset:path'];
  const file = inAssets ?? (typeof assetPath === 'string' ? path.resolve(parent.directory, assetPath) : undefined);
  return file === undefined ? undefined : { ...parent, name: generatedName(parent.name, logicalId), template: readTemplate(file) };
}

/** A stack and, at any depth, what it nests. */
export function withNested(stack: StackTemplate): StackTemplate[] {
  const nested = Object.entries(stack.template.Resources ?? {}).filter(([, { Type }]) => Type === 'AWS::CloudFormation::Stack')
    .map(([id, resource]) => nestedStackOf(stack, id, resource)).filter((found) => found !== undefined);
  return [stack, ...nested.flatMap(withNested)];
}

/** The end of `https://s3.<Region>.<suffix>/<bucket>/<key>`, of which only the key is sure to be spelled out. */
function objectKeyOf(url: unknown): string {
  const texts = stringsIn(url);
  return texts.join('').split('/').at(-1) ?? '';
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isRecord(value) ? Object.values(value).flatMap(stringsIn) : [];
}

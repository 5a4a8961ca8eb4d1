/** A synthesized template as far as this interpreter reads it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Transform?: unknown;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** One stack of the cloud assembly, in the order in which `cdk deploy` would go. */
export interface StackTemplate {
  readonly name: string;
  readonly template: Template;
  /** From the environment of the stack; undefined in an environment-agnostic one. */
  readonly region?: string;
  readonly account?: string;
  readonly assets: AssetIndex;
  /** Directory that `aws:asset:path` in the template's metadata is relative to. */
  readonly directory: string;
}

/** Finds the file or folder behind what a template names as an object in the assets bucket. */
export interface AssetIndex {
  /** Absolute path, or undefined when no asset has that object key. */
  byObjectKey(key: string): string | undefined;
}

/** Something about the app, the template or the command line that the person at the terminal can put right: one line, exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

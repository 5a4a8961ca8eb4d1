export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  /** Operator, then condition key, then values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[];
}

/** Values of condition keys of a request. A key with several values is a set, for example `dynamodb:LeadingKeys`. */
export type Context = Readonly<Record<string, readonly string[]>>;

/** What a request asks for. */
export interface Action {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value as readonly T[] : [value as T];
}

/** A function named by name, partial ARN or ARN, each with or without a qualifier. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier?: string;
}

export function parseFunctionReference(text: string, qualifier?: string): FunctionReference {
  const parts = text.split(':');
  const at = parts.indexOf('function');
  const [name = '', inText] = at >= 0 ? parts.slice(at + 1) : parts;
  const chosen = qualifier ?? inText;
  return chosen === undefined ? { name } : { name, qualifier: chosen };
}

/** Lambda's integration and authorizer URIs end in `functions/<arn>/invocations`. */
export function functionArnOfUri(uri: string): string | undefined {
  return /\/functions\/([^/]+)\/invocations$/.exec(uri)?.[1] ?? (uri.startsWith('arn:') && uri.includes(':function:') ? uri : undefined);
}

/** ARN patterns of permissions and policies: `*` any text, `?` one character. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

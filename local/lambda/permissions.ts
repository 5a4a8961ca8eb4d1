import { matchesPattern, parseFunctionReference } from './arn';

interface Permission {
  readonly functionName: string;
  readonly qualifier?: string;
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

/** Resource policies of functions: whether a service may invoke one. What AWS refuses is refused here too. */
export class Permissions {
  private readonly permissions: Permission[] = [];

  add(properties: Record<string, unknown>): void {
    const reference = parseFunctionReference(String(properties.FunctionName));
    this.permissions.push({
      functionName: reference.name,
      ...(reference.qualifier === undefined ? {} : { qualifier: reference.qualifier }),
      principal: String(properties.Principal),
      ...(typeof properties.SourceArn === 'string' ? { sourceArn: properties.SourceArn } : {}),
      ...(properties.SourceAccount === undefined ? {} : { sourceAccount: String(properties.SourceAccount) }),
    });
  }

  allow(functionArn: string, principal: string, sourceArn: string, sourceAccount: string): boolean {
    const { name, qualifier } = parseFunctionReference(functionArn);
    return this.permissions.some((permission) =>
      permission.functionName === name &&
      (permission.qualifier ?? '$LATEST') === (qualifier ?? '$LATEST') &&
      (permission.principal === principal || permission.principal === '*') &&
      (permission.sourceArn === undefined || matchesPattern(permission.sourceArn, sourceArn)) &&
      (permission.sourceAccount === undefined || permission.sourceAccount === sourceAccount));
  }
}

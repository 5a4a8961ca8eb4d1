import { Account } from '../account';
import { Permission } from '../service';
import { assumedRole } from '../sts';
import { Principal, ProvisionedResource, ResolvedResource } from '../types';
import { evaluate } from './evaluate';
import { managedPolicy } from './managed-policies';
import { Context, listOf, PolicyDocument } from './model';

interface Role {
  readonly name: string;
  readonly arn: string;
  readonly documents: PolicyDocument[];
  readonly managedArns: string[];
  readonly boundaryArn?: string;
}

/**
 * The roles of the template and what their identity policies allow. Resource policies (of secrets and keys) are not evaluated: within
 * one account an identity policy must allow what the functions do. A role with an AWS policy that is not known here is not restricted.
 */
export class Iam {
  private readonly roles = new Map<string, Role>();
  private readonly managed = new Map<string, PolicyDocument>();
  /** Documents attached to a role before the role itself was created. */
  private readonly early = new Map<string, PolicyDocument[]>();

  constructor(private readonly account: Account) {}

  provision(resource: ResolvedResource): ProvisionedResource {
    switch (resource.type) {
      case 'AWS::IAM::Role':
        return this.provisionRole(resource);
      case 'AWS::IAM::ManagedPolicy':
        return this.provisionManagedPolicy(resource);
      default:
        return this.provisionPolicy(resource);
    }
  }

  /** The message of AWS's refusal, or undefined when the principal's role allows the action. */
  refusal(principal: Principal, permission: Permission): string | undefined {
    const role = this.roles.get(nameOf(principal.roleArn));
    if (!role) return undefined;
    const policies = this.documentsOf(role);
    if (!policies) return undefined;
    const boundary = role.boundaryArn === undefined ? undefined : this.documentOf(role.boundaryArn);
    const request = { action: permission.action, resource: permission.resource, context: { ...this.commonContext(principal), ...permission.context } };
    const decision = evaluate(policies, boundary && [boundary], request);
    if (decision === 'allowed') return undefined;
    const why = decision === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${permission.action} action`;
    return `User: ${assumedRole(principal, this.account)} is not authorized to perform: ${permission.action} on resource: ${permission.resource} ${why}`;
  }

  private provisionRole({ properties, generatedName }: ResolvedResource): ProvisionedResource {
    const name = (properties.RoleName as string | undefined) ?? generatedName.slice(0, 64);
    const path = (properties.Path as string | undefined) ?? '/';
    const inline = (properties.Policies as readonly { readonly PolicyDocument: PolicyDocument }[] | undefined) ?? [];
    const managedArns = [...((properties.ManagedPolicyArns as readonly string[] | undefined) ?? [])];
    const boundaryArn = properties.PermissionsBoundary as string | undefined;
    const role: Role = {
      name,
      arn: `arn:${this.account.partition}:iam::${this.account.accountId}:role${path}${name}`,
      documents: [...inline.map((policy) => policy.PolicyDocument), ...(this.early.get(name) ?? [])],
      managedArns,
      ...(boundaryArn === undefined ? {} : { boundaryArn }),
    };
    this.roles.set(name, role);
    const unknown = managedArns.filter((arn) => arn.includes(':iam::aws:') && !managedPolicy(arn));
    return {
      ref: name,
      attributes: { Arn: role.arn, RoleId: `AROA${name.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 17)}` },
      notEvaluated: unknown.map((arn) => `permissions of a role with ${arn.split('/').at(-1)}`),
    };
  }

  private provisionPolicy({ properties, generatedName }: ResolvedResource): ProvisionedResource {
    const document = properties.PolicyDocument as PolicyDocument;
    // AWS::IAM::RolePolicy names one role, AWS::IAM::Policy several.
    for (const role of listOf((properties.Roles ?? properties.RoleName) as string | readonly string[] | undefined)) this.attach(role, document);
    return { ref: (properties.PolicyName as string | undefined) ?? generatedName, attributes: {} };
  }

  private provisionManagedPolicy({ properties, generatedName }: ResolvedResource): ProvisionedResource {
    const document = properties.PolicyDocument as PolicyDocument;
    const name = (properties.ManagedPolicyName as string | undefined) ?? generatedName;
    const path = (properties.Path as string | undefined) ?? '/';
    const arn = `arn:${this.account.partition}:iam::${this.account.accountId}:policy${path}${name}`;
    this.managed.set(arn, document);
    for (const role of listOf(properties.Roles as readonly string[] | undefined)) this.attach(role, document);
    return { ref: arn, attributes: { PolicyArn: arn, PolicyId: name } };
  }

  private attach(roleName: string, document: PolicyDocument): void {
    const role = this.roles.get(nameOf(roleName));
    if (role) role.documents.push(document);
    else this.early.set(nameOf(roleName), [...(this.early.get(nameOf(roleName)) ?? []), document]);
  }

  /** Undefined when one of the role's policies is not known. */
  private documentsOf(role: Role): PolicyDocument[] | undefined {
    const attached = role.managedArns.map((arn) => this.documentOf(arn));
    return attached.includes(undefined) ? undefined : [...role.documents, ...(attached as PolicyDocument[])];
  }

  private documentOf(arn: string): PolicyDocument | undefined {
    return this.managed.get(arn) ?? managedPolicy(arn);
  }

  private commonContext(principal: Principal): Context {
    const { accountId, region } = this.account;
    return {
      'aws:PrincipalArn': [principal.roleArn],
      'aws:PrincipalAccount': [accountId],
      'aws:ResourceAccount': [accountId],
      'aws:SourceAccount': [accountId],
      'aws:RequestedRegion': [region],
      // Here everything is plain HTTP on the loopback interface; on AWS the SDK speaks TLS.
      'aws:SecureTransport': ['true'],
    };
  }
}

/** Roles are attached by name or ARN. */
const nameOf = (role: string): string => role.split('/').at(-1)!;

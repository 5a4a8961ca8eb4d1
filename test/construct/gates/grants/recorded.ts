import { Iam } from '../../../../local/services/iam';
import type { Permission } from '../../../../local/services/service';
import { GLOBAL_WEB_ACL } from '../../support/fronts';

/** Name of the secret that the team fills. */
export const TEAM_SECRET = 'keys-of-the-team';

/**
 * Calls as `function action target`, held against the roles of the template: every call of a function is. Where a table holds items of several
 * kinds, with the kind, and of an update of a user each attribute as one more.
 */
export class Recorded {
  readonly used = new Set<string>();
  readonly denied = new Set<string>();
  private static readonly original = Iam.prototype.refusal;

  /** From now on, until `Recorded.stop()`. Only one records at a time. */
  constructor() {
    const { used, denied } = this;
    Iam.prototype.refusal = function (this: Iam, ...[principal, permission]) {
      const refusal = Recorded.original.call(this, principal, permission);
      const call = `${functionOf(principal.logicalId)} ${permission.action} ${targetOf(permission.resource)}`;
      for (const entry of entriesOf(call, permission.context)) (refusal === undefined ? used : denied).add(entry);
      return refusal;
    };
  }

  static stop(): void {
    Iam.prototype.refusal = Recorded.original;
  }
}

/** The key of a table of users is no attribute that anybody could be denied. */
const KEY = ['pk', 'sk'];

function entriesOf(call: string, context: Permission['context']): string[] {
  const kinds = context?.['dynamodb:LeadingKeys']?.map((key) => /^[A-Z]+#/.exec(key)?.[0]) ?? [undefined];
  const attributes = / dynamodb:UpdateItem Users$/.test(call) ? context?.['dynamodb:Attributes'] ?? [] : [];
  return [
    ...kinds.map((kind) => (kind === undefined ? call : `${call} ${kind}`)), ...attributes.filter((name) => !KEY.includes(name)).map((name) => `${call} .${name}`),
  ];
}

const functionOf = (logicalId: string): string => /^AuthFunctions(\w+?)Function[0-9A-F]{8}$/.exec(logicalId)?.[1] ?? logicalId;

const NAMES = /Auth(?:Tables)?(Users|Sessions|Revocations|Attempts|Tickets|SigningKeys|RefreshKeys|Lookup|OriginSecret)[^/]*(\/index\/[a-z-]+)?/;

/** Keys that sign are one target, whoever keeps them: a secret of the service's, KMS, or a secret of the team's. */
function targetOf(resource: string): string {
  if (resource === GLOBAL_WEB_ACL) return 'WebAcl';
  if (/^arn:aws:cloudfront:.*:distribution\//.test(resource)) return 'Distribution';
  if (/^arn:aws:kms:.*:key\//.test(resource) || resource.includes(`:secret:${TEAM_SECRET}`)) return 'SigningKeys';
  return NAMES.exec(resource)?.slice(1, 3).join('') ?? resource;
}

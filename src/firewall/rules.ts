import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Limits } from '../contract/limits';

/** Keys of the custom bodies that refusals answer with. */
export enum RefusalBody {
  RATE_LIMITED = 'rate-limited',
  TOO_LARGE = 'payload-too-large',
}

/** Refusal of a rule of our own, in the service's own terms: AWS WAF's plain 403 would tell a client nothing. */
export interface Refusal {
  readonly status: number;
  readonly body: RefusalBody;
  readonly headers: readonly CfnWebACL.CustomHTTPHeaderProperty[];
}

/** A group of rules that AWS keeps. */
export function managedGroup(name: string, priority: number): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    // A group decides by itself; a rule of ours says what to do.
    overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
    visibilityConfig: visibility(name),
  };
}

/** Refuses addresses of the given sets. */
export function blockedNetworks(ipSetArns: string[], priority: number): CfnWebACL.RuleProperty {
  const sets = ipSetArns.map((arn) => ({ ipSetReferenceStatement: { arn } }));
  return ownRule('BlockedNetworks', priority, anyOf(sets), { block: {} });
}

/**
 * Refuses bodies above the limit of the functions before they cost an invocation. AWS WAF sees the first 16 KB of a body: what is larger
 * than that counts as a match.
 */
export function bodySize(priority: number, refusal: Refusal): CfnWebACL.RuleProperty {
  return ownRule('BodySize', priority, {
    sizeConstraintStatement: {
      fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
      comparisonOperator: 'GT',
      size: Limits.BODY_BYTES,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  }, block(refusal));
}

/** Counts by address and minute; by the connection's address, since a client can write any X-Forwarded-For. */
export function rate(name: string, priority: number, limit: number, refusal: Refusal, scope?: CfnWebACL.StatementProperty): CfnWebACL.RuleProperty {
  return ownRule(name, priority, {
    rateBasedStatement: { limit, evaluationWindowSec: 60, aggregateKeyType: 'IP', scopeDownStatement: scope },
  }, block(refusal));
}

/**
 * Requests that can change something: those of every method but GET, HEAD and OPTIONS. By method alone, since a path has more spellings than
 * can be listed (`/v1/%6Cogin`), and what API Gateway makes of one is not documented. A preflight is none of them, so that a web app does
 * not use up its user's share.
 */
export function stateChanging(): CfnWebACL.StatementProperty {
  const reads = ['GET', 'HEAD', 'OPTIONS'].map((method) => exactly({ method: {} }, method));
  return { notStatement: { statement: anyOf(reads) } };
}

export function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName };
}

function ownRule(name: string, priority: number, statement: CfnWebACL.StatementProperty, action: CfnWebACL.RuleActionProperty): CfnWebACL.RuleProperty {
  return { name, priority, statement, action, visibilityConfig: visibility(name) };
}

function block(refusal: Refusal): CfnWebACL.RuleActionProperty {
  return { block: { customResponse: { responseCode: refusal.status, customResponseBodyKey: refusal.body, responseHeaders: [...refusal.headers] } } };
}

function exactly(fieldToMatch: CfnWebACL.FieldToMatchProperty, searchString: string): CfnWebACL.StatementProperty {
  return {
    byteMatchStatement: {
      fieldToMatch,
      positionalConstraint: 'EXACTLY',
      searchString,
      // Another spelling of a method is another method.
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  };
}

/** AWS WAF refuses an `or` of a single statement. */
function anyOf(statements: CfnWebACL.StatementProperty[]): CfnWebACL.StatementProperty {
  const [only, ...others] = statements;
  return only !== undefined && others.length === 0 ? only : { orStatement: { statements } };
}

import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { EXPOSED_HEADERS, PAGE_ORIGIN } from '../contract/limits';
import { visibility } from './rules';

/** What pages may read of the refusals of a web ACL. */
export interface PageReaders {
  /** Exact origins; absent where the web ACL does not know them, since it lies in another stack than the service. */
  readonly origins?: readonly string[];
  /** Whether pages send cookies along. */
  readonly credentials: boolean;
}

/**
 * Tells API Gateway which origin of the list a request has: its own answers can repeat a header and compare nothing. Where one origin is
 * listed they are constants. A page cannot send the header itself, since no preflight allows it, and its value would be overwritten.
 */
export function namePageOrigins(origins: readonly string[], firstPriority: number): CfnWebACL.RuleProperty[] {
  if (origins.length < 2) {
    return [];
  }
  return origins.map((origin, index) => ({
    name: `PageOrigin${index}`,
    priority: firstPriority + index,
    statement: {
      byteMatchStatement: {
        fieldToMatch: { singleHeader: { Name: 'origin' } }, positionalConstraint: 'EXACTLY', searchString: origin, textTransformations: [{ priority: 0, type: 'NONE' }],
      },
    },
    action: { count: { customRequestHandling: { insertHeaders: [{ name: PAGE_ORIGIN, value: origin }] } } },
    visibilityConfig: visibility(`PageOrigin${index}`),
  }));
}

/**
 * Headers of what the web ACL refuses itself. They are constants: one origin may be named; otherwise everybody may read what holds nothing,
 * but for requests with cookies.
 */
export function readableBy({ origins = [], credentials }: PageReaders): Record<string, string> {
  const [origin, ...more] = origins;
  const exposed = { 'access-control-expose-headers': EXPOSED_HEADERS.join(',') };
  if (origin === undefined || more.length > 0) {
    return { 'access-control-allow-origin': '*', ...exposed };
  }
  return { 'access-control-allow-origin': origin, ...credentials ? { 'access-control-allow-credentials': 'true' } : {}, ...exposed, 'vary': 'Origin' };
}

import { Behavior, Forwarding } from './definition';
import { forwardingOf, MANAGED_REQUEST_POLICIES, RequestPolicy } from './forwarding';
import { ResponseHeaders } from './response-headers';
import { ViewerFunction } from './viewer-function';

/** What distributions share: functions and policies. */
export class CloudFrontRegistry {
  readonly functions = new Map<string, ViewerFunction>();
  /** Cache policies and origin request policies of the app, by id. */
  readonly policies = new Map<string, RequestPolicy>();
  /** Ids of the app's cache policies that cache nothing. */
  readonly uncached = new Set<string>();
  /** Response headers policies of the app, by id. */
  readonly responseHeaders = new Map<string, ResponseHeaders>();

  forwarding({ cachePolicyId, originRequestPolicyId }: Behavior, method: string): Forwarding {
    const policies = [cachePolicyId, originRequestPolicyId].map((id) => (id === undefined ? undefined : this.policies.get(id) ?? MANAGED_REQUEST_POLICIES[id]));
    return forwardingOf(policies.filter((policy) => policy !== undefined), method);
  }
}

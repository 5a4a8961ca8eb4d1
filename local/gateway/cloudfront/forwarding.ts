import { Forwarding } from './definition';

/** How a policy chooses among headers, cookies or query strings. */
export interface Choice {
  readonly kind: 'none' | 'all' | 'only' | 'allExcept';
  readonly names: readonly string[];
}

const NONE: Choice = { kind: 'none', names: [] };
const ALL: Choice = { kind: 'all', names: [] };

export interface RequestPolicy {
  readonly headers: Choice;
  readonly cookies: Choice;
  readonly queries: Choice;
}

/** AWS's own policies, by id. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
export const MANAGED_REQUEST_POLICIES: Readonly<Record<string, RequestPolicy>> = {
  // AllViewer
  '216adef6-5c7f-47e4-b989-5492eafa07d3': { headers: ALL, cookies: ALL, queries: ALL },
  // AllViewerExceptHostHeader
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': { headers: { kind: 'allExcept', names: ['host'] }, cookies: ALL, queries: ALL },
  // CORS-CustomOrigin
  '59781a5b-3903-41f3-afcb-af62929ccde1': { headers: { kind: 'only', names: ['origin'] }, cookies: NONE, queries: NONE },
  // UserAgentRefererHeaders
  'acba4595-bd28-49b8-b9fe-13317c0390fa': { headers: { kind: 'only', names: ['user-agent', 'referer'] }, cookies: NONE, queries: NONE },
};

/** The managed cache policy without a cache. Any other one may cache, which is not evaluated here. */
export const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

/** Of the body: goes along whatever the policies say. */
const OF_THE_BODY = ['content-type', 'content-length', 'content-encoding'];

/** What the cache policy makes part of the cache's key, and what the origin request policy adds to that. */
export function forwardingOf(policies: readonly RequestPolicy[], method: string): Forwarding {
  const chooses = (part: keyof RequestPolicy) => (name: string) => policies.some((policy) => chosen(policy[part], name));
  const header = chooses('headers');
  return {
    header: (name) => OF_THE_BODY.includes(name) || header(name) || (name === 'authorization' && keepsAuthorization(method)),
    cookie: chooses('cookies'),
    query: chooses('queries'),
  };
}

function chosen({ kind, names }: Choice, name: string): boolean {
  switch (kind) {
    case 'all': return true;
    case 'none': return false;
    case 'only': return names.includes(name);
    case 'allExcept': return !names.includes(name);
  }
}

/** CloudFront takes Authorization away from what it could cache, unless a policy forwards it. */
function keepsAuthorization(method: string): boolean {
  return ['DELETE', 'PATCH', 'POST', 'PUT'].includes(method);
}

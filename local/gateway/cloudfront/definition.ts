import { HeaderList } from '../message';

/** A CloudFront distribution as its template resource, or a later update, describes it. */
export interface DistributionDefinition {
  readonly aliases: readonly string[];
  /** Undefined: no web ACL. */
  readonly webAclArn?: string;
  readonly origins: ReadonlyMap<string, Origin>;
  /** In order of precedence; the last one is the default and fits every path. */
  readonly behaviors: readonly Behavior[];
  /** Seconds that an error stays in the cache, by status; the others stay for ten. */
  readonly errorLives: ReadonlyMap<number, number>;
}

export interface Origin {
  readonly id: string;
  readonly domainName: string;
  /** Put before every path; empty when there is none. */
  readonly path: string;
  /** Sent along with every request, whatever the viewer put there. */
  readonly customHeaders: HeaderList;
  readonly readTimeoutMs: number;
}

export interface Behavior {
  /** `*` stands for any text, `?` for one character. */
  readonly pathPattern: string;
  readonly originId: string;
  readonly methods: readonly string[];
  readonly cachePolicyId?: string;
  readonly originRequestPolicyId?: string;
  readonly responseHeadersPolicyId?: string;
  /** ARN of the CloudFront Function that sees each request first. */
  readonly viewerRequest?: string;
}

/** A distribution with its names. */
export interface Distribution {
  readonly id: string;
  readonly logicalId: string;
  readonly stackName: string;
  /** `d111111abcdef8.cloudfront.net` */
  readonly domainName: string;
  /** Replaced whole by an update. */
  definition: DistributionDefinition;
}

/** What of a viewer's request goes on to the origin. */
export interface Forwarding {
  header(name: string): boolean;
  cookie(name: string): boolean;
  query(name: string): boolean;
}

import { Firewall } from '../../firewall/firewall';
import { withInserted } from '../../firewall/web-acl';
import { headerBytes } from '../limits';
import { Gateway, Listener } from '../listener';
import { GatewayAnswer, GatewayRequest, RequestNotes } from '../message';
import { withTimeout } from '../rest/rest-gateway';
import { Behavior, Distribution, Forwarding, Origin } from './definition';
import { ErrorCache } from './error-cache';
import { errorPage } from './error-page';
import { originRequest, VIA } from './origin-request';
import { ResponseHeaders, withResponseHeaders } from './response-headers';
import { ViewerFunction } from './viewer-function';

const MAX_URL_BYTES = 8192;
const MAX_REQUEST_BYTES = 32_768;

/** What a distribution refers to. */
export interface Surroundings {
  readonly now: () => number;
  readonly firewall: (webAclArn: string) => Firewall | undefined;
  readonly viewerFunction: (arn: string) => ViewerFunction | undefined;
  readonly forwarding: (behavior: Behavior, method: string) => Forwarding;
  readonly responseHeaders: (policyId: string) => ResponseHeaders | undefined;
  /** The port behind a host name, when it is one of the app's. */
  readonly origin: (domainName: string) => Listener | undefined;
}

/**
 * A CloudFront distribution: limits, web ACL, behavior, viewer function, origin, in CloudFront's order. It caches nothing but errors, and
 * reaches only what the app itself has.
 */
export class DistributionGateway implements Gateway {
  private readonly errors: ErrorCache;

  constructor(private readonly distribution: Distribution, private readonly around: Surroundings) {
    this.errors = new ErrorCache(around.now);
  }

  async answer(request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    const admitted = this.admit(request, notes);
    const answer = 'status' in admitted ? admitted : await this.serve(admitted, notes, oversize);
    const result = answer.status >= 400 ? 'Error from cloudfront' : 'Miss from cloudfront';
    return {
      ...answer,
      headers: [...answer.headers, ['X-Cache', result], ['Via', VIA], ['X-Amz-Cf-Pop', 'LOC50-C1'], ['X-Amz-Cf-Id', request.extendedRequestId]],
    };
  }

  /** The request as it goes on, or why it does not. */
  private admit(request: GatewayRequest, notes: RequestNotes): GatewayRequest | GatewayAnswer {
    const { webAclArn } = this.distribution.definition;
    const target = request.path.length + request.queryString.length + 1;
    if (target > MAX_URL_BYTES || headerBytes(request) > MAX_REQUEST_BYTES) return this.refuse(request, notes, 413, 'Bad request.');
    const verdict = webAclArn === undefined ? undefined : this.around.firewall(webAclArn)?.(request);
    if (!verdict?.blocked) return verdict ? withInserted(request, verdict.inserted) : request;
    notes.refusedBy = `firewall rule ${verdict.rule}`;
    return verdict.answer ?? errorPage(403, 'Request blocked.', request.extendedRequestId);
  }

  private async serve(viewer: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    const behavior = this.distribution.definition.behaviors.find(({ pathPattern }) => fits(pathPattern, viewer.path))!;
    if (!behavior.methods.includes(viewer.method)) {
      return this.refuse(viewer, notes, 403, 'This distribution is not configured to allow the HTTP request method that was used for this request.');
    }
    if (viewer.method === 'GET' && viewer.body.length > 0) return this.refuse(viewer, notes, 403, 'Bad request.');
    const viewerFunction = behavior.viewerRequest === undefined ? undefined : this.around.viewerFunction(behavior.viewerRequest);
    if (!viewerFunction) return this.forward(viewer, behavior, notes, oversize);
    const { id: distributionId, domainName: distributionDomainName } = this.distribution;
    const outcome = await viewerFunction.onRequest(viewer, { distributionId, distributionDomainName });
    switch (outcome.kind) {
      case 'request': return this.forward(outcome.request, behavior, notes, oversize);
      case 'answer': return outcome.answer;
      case 'failed':
        notes.integrationError = `CloudFront Function ${viewerFunction.name} failed: ${outcome.why}`;
        return this.refuse(viewer, notes, 503, 'The CloudFront function associated with the CloudFront distribution is invalid or could not run.');
      case 'invalid':
        notes.integrationError = `CloudFront Function ${viewerFunction.name}: ${outcome.why}`;
        return this.refuse(viewer, notes, 502, 'The CloudFront function returned an invalid value.');
    }
  }

  private async forward(request: GatewayRequest, behavior: Behavior, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    const cached = this.errors.find(request);
    if (cached) {
      notes.refusedBy = 'CloudFront (error from the cache)';
      return cached;
    }
    const { definition } = this.distribution;
    const origin = definition.origins.get(behavior.originId);
    const listener = origin && this.around.origin(origin.domainName);
    if (!origin || !listener) {
      notes.integrationError = `the origin ${origin?.domainName ?? behavior.originId} is not in the app`;
      return this.refuse(request, notes, 502, 'CloudFront wasn\'t able to resolve the origin domain name.');
    }
    const answer = await this.ask(listener, origin, originRequest(request, origin, this.around.forwarding(behavior, request.method)), notes, oversize);
    if (answer === 'timeout') return this.refuse(request, notes, 504, 'CloudFront attempted to establish a connection with the origin, but either the attempt failed or the origin closed the connection.');
    const policy = behavior.responseHeadersPolicyId === undefined ? undefined : this.around.responseHeaders(behavior.responseHeadersPolicyId);
    const complete = policy ? { ...answer, headers: withResponseHeaders(answer.headers, policy) } : answer;
    this.errors.keep(request, complete, definition);
    return complete;
  }

  private async ask(listener: Listener, { readTimeoutMs }: Origin, request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer | 'timeout'> {
    const served = await withTimeout(listener.relay(request, oversize, this.distribution.logicalId), readTimeoutMs);
    if (served === 'timeout') {
      notes.integrationError = `no answer of the origin within ${readTimeoutMs} ms`;
      return 'timeout';
    }
    const { accessLog: _, accessLogGroup: __, ...told } = served.notes;
    Object.assign(notes, told);
    return served.answer;
  }

  private refuse(request: GatewayRequest, notes: RequestNotes, status: Parameters<typeof errorPage>[0], explanation: string): GatewayAnswer {
    notes.refusedBy = `CloudFront (${status})`;
    return errorPage(status, explanation, request.extendedRequestId);
  }
}

function fits(pattern: string, path: string): boolean {
  const source = pattern.replace(/^(?!\/|\*)/, '/').replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(path);
}

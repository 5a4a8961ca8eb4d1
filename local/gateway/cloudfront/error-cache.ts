import { GatewayAnswer, GatewayRequest } from '../message';
import { DistributionDefinition } from './definition';

/** Cached whatever the answer's Cache-Control says. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html */
const CACHED: readonly number[] = [404, 414, 500, 501, 502, 503, 504];
const DEFAULT_SECONDS = 10;

/**
 * CloudFront keeps an origin's errors for ten seconds unless the distribution says otherwise, also where its cache policy caches nothing:
 * one client's outage is then everybody's for as long.
 */
export class ErrorCache {
  private readonly entries = new Map<string, { readonly answer: GatewayAnswer; readonly until: number }>();

  constructor(private readonly now: () => number) {}

  find(request: GatewayRequest): GatewayAnswer | undefined {
    const entry = cacheable(request) ? this.entries.get(request.path) : undefined;
    if (entry && entry.until > this.now()) return entry.answer;
    if (entry) this.entries.delete(request.path);
    return undefined;
  }

  keep(request: GatewayRequest, answer: GatewayAnswer, { errorLives }: DistributionDefinition): void {
    const seconds = CACHED.includes(answer.status) ? errorLives.get(answer.status) ?? DEFAULT_SECONDS : 0;
    if (seconds > 0 && cacheable(request)) this.entries.set(request.path, { answer, until: this.now() + seconds * 1000 });
  }
}

const cacheable = ({ method }: GatewayRequest): boolean => method === 'GET' || method === 'HEAD';

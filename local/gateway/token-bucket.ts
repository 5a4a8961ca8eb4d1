/** API Gateway's throttle: `rate` tokens a second flow into a bucket that holds `burst`; each request takes one. */
export class TokenBucket {
  private tokens: number;
  private last: number;

  constructor(private readonly rate: number, private readonly burst: number, private readonly now: () => number) {
    this.tokens = burst;
    this.last = now();
  }

  take(): boolean {
    const time = this.now();
    this.tokens = Math.min(this.burst, this.tokens + Math.max(0, time - this.last) / 1000 * this.rate);
    this.last = time;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

export interface ThrottleLimits {
  readonly rate?: number;
  readonly burst?: number;
}

/** One bucket per route, each with the route's own limits or else the stage's. */
export class Throttles {
  private readonly buckets = new Map<string, TokenBucket | null>();

  constructor(private readonly limitsOf: (route: string) => ThrottleLimits, private readonly now: () => number) {}

  admit(route: string): boolean {
    let bucket = this.buckets.get(route);
    if (bucket === undefined) {
      const { rate, burst } = this.limitsOf(route);
      bucket = rate === undefined && burst === undefined ? null : new TokenBucket(rate ?? 10_000, burst ?? 5_000, this.now);
      this.buckets.set(route, bucket);
    }
    return bucket === null || bucket.take();
  }
}

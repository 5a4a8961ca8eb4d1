/** Values with a life on the instance's clock. Expired ones are dropped when they are met. */
export class AuthorizerCache<T> {
  private readonly entries = new Map<string, { readonly value: T; readonly until: number }>();

  constructor(private readonly ttlMs: number, private readonly now: () => number) {}

  get(key: string): T | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.until > this.now()) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, value: T): void {
    if (this.ttlMs > 0) this.entries.set(key, { value, until: this.now() + this.ttlMs });
  }
}

/** Items that a transaction in progress holds. Nobody waits for one: AWS refuses whoever comes meanwhile. */
export class TransactionLocks {
  private readonly held = new Set<string>();

  isHeld(key: string): boolean {
    return this.held.has(key);
  }

  hold(keys: readonly string[]): void {
    for (const key of keys) this.held.add(key);
  }

  release(keys: readonly string[]): void {
    for (const key of keys) this.held.delete(key);
  }
}

/**
 * Time of the instance: real time plus an offset that `--at` sets and that tests move. Functions can be skewed against it one by one.
 */
export class VirtualClock {
  private readonly startOffset: number;
  private offset: number;
  private readonly skews = new Map<string, number>();
  private readonly listeners: (() => void)[] = [];

  /** @param at what the clock shows now, in epoch milliseconds; absent: the time of this machine */
  constructor(at?: number) {
    this.startOffset = at === undefined ? 0 : at - Date.now();
    this.offset = this.startOffset;
  }

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.offset;
  }

  get offsetMs(): number {
    return this.offset;
  }

  /** Offset of one function's clock from real time: the instance's and its own skew. */
  offsetOf(functionLogicalId: string): number {
    return this.offset + (this.skews.get(functionLogicalId) ?? 0);
  }

  skewList(): Record<string, number> {
    return Object.fromEntries(this.skews);
  }

  advance(milliseconds: number): void {
    this.set(this.offset + milliseconds);
  }

  set(offsetMs: number): void {
    this.offset = offsetMs;
    for (const listener of this.listeners) listener();
  }

  /** Takes back what moved the clock since the start. */
  reset(): void {
    this.set(this.startOffset);
  }

  /** Lets one function's clock run ahead (or behind, when negative); 0 ends it. */
  skew(functionLogicalId: string, milliseconds: number): void {
    if (milliseconds === 0) this.skews.delete(functionLogicalId);
    else this.skews.set(functionLogicalId, milliseconds);
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }
}

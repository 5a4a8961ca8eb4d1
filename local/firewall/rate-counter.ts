/** Requests of each source within a trailing window, in steps of a tenth of it. */
export class RateCounter {
  private readonly counts = new Map<string, Map<number, number>>();
  private readonly stepMs: number;

  constructor(private readonly windowMs: number, private readonly now: () => number) {
    this.stepMs = windowMs / 10;
  }

  /** Counts one more; @returns how many there were in the window with it. */
  count(source: string): number {
    const step = Math.floor(this.now() / this.stepMs);
    const steps = this.counts.get(source) ?? new Map<number, number>();
    this.counts.set(source, steps);
    steps.set(step, (steps.get(step) ?? 0) + 1);
    const oldest = step - Math.round(this.windowMs / this.stepMs);
    let total = 0;
    for (const [at, number] of steps) {
      // Steps of the future are there when the clock was set back.
      if (at <= oldest || at > step) steps.delete(at);
      else total += number;
    }
    return total;
  }
}

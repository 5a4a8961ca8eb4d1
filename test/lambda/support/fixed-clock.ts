import { Clock } from '../../../lambda/ports/clock';

/** Stands still until told otherwise. */
export class FixedClock implements Clock {
  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  advance(seconds: number): void {
    this.time += seconds * 1000;
  }
}

/** Holds whoever arrives until so many have arrived; later ones pass. */
export class Barrier {
  private arrived = 0;
  private open!: () => void;
  private readonly opened: Promise<void>;

  constructor(private readonly parties: number) {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  wait(): Promise<void> {
    this.arrived += 1;
    if (this.arrived >= this.parties) this.open();
    return this.opened;
  }
}

/** Opened by hand, once. */
export class Gate {
  open!: () => void;
  readonly opened: Promise<void>;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

/**
 * A pause of a few turns, another number each time but the same ones in each run: so that races interleave in many ways, reproducibly.
 * The generator is mulberry32.
 */
export function seededPause(seed: number, maxTurns = 6): () => Promise<void> {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return async () => {
    for (let turns = Math.floor(random() * maxTurns); turns >= 0; turns -= 1) await undefined;
  };
}

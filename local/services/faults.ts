import { Fault, Faults, FaultSpec } from './types';

/** What a fault may look at. */
export interface FaultTarget {
  readonly service: string;
  readonly operation: string;
  readonly caller?: string;
  readonly resource?: string;
}

const effects: readonly FaultSpec['effect'][] = ['throttle', 'error', 'timeout', 'drop', 'commit-then-drop', 'conflict', 'deny', 'delay', 'hold'];

interface Entry {
  readonly id: string;
  readonly spec: FaultSpec;
  /** Matching calls seen. */
  seen: number;
  applied: number;
  readonly waiting: Set<() => void>;
}

/** The fault to apply to one call. */
export interface AppliedFault {
  readonly id: string;
  readonly effect: FaultSpec['effect'];
  readonly delayMs: number;
  /** Resolves when the fault is removed. */
  released(): Promise<void>;
}

/** Calls that go wrong on purpose, chosen by what they are and by their count. */
export class FaultRules implements Faults {
  private readonly entries = new Map<string, Entry>();
  private count = 0;

  add(spec: FaultSpec): Fault {
    if (!effects.includes(spec.effect)) throw new Error(`unknown effect ${String(spec.effect)}, there are ${effects.join(', ')}`);
    this.count += 1;
    const entry: Entry = { id: `fault-${this.count}`, spec: { ...spec }, seen: 0, applied: 0, waiting: new Set() };
    this.entries.set(entry.id, entry);
    return view(entry);
  }

  list(): Fault[] {
    return [...this.entries.values()].map(view);
  }

  remove(id?: string): void {
    for (const entry of id === undefined ? [...this.entries.values()] : [this.entries.get(id)]) {
      if (!entry) continue;
      this.entries.delete(entry.id);
      for (const release of entry.waiting) release();
    }
  }

  /** The first fault that is due. Every matching one counts the call, so that "the third write" is the third write. */
  take(target: FaultTarget): AppliedFault | undefined {
    let due: Entry | undefined;
    for (const entry of this.entries.values()) {
      if (!matches(entry.spec, target)) continue;
      entry.seen += 1;
      const { skip = 0, times = Infinity } = entry.spec;
      if (!due && entry.seen > skip && entry.applied < times) due = entry;
    }
    if (!due) return undefined;
    const entry = due;
    entry.applied += 1;
    return {
      id: entry.id,
      effect: entry.spec.effect,
      delayMs: entry.spec.delayMs ?? 0,
      released: () => this.wait(entry),
    };
  }

  private wait(entry: Entry): Promise<void> {
    if (!this.entries.has(entry.id)) return Promise.resolve();
    return new Promise((resolve) => {
      const release = (): void => {
        entry.waiting.delete(release);
        resolve();
      };
      entry.waiting.add(release);
    });
  }
}

function matches(spec: FaultSpec, target: FaultTarget): boolean {
  return (spec.service === undefined || spec.service === target.service)
    && (spec.operation === undefined || spec.operation === target.operation)
    && (spec.caller === undefined || (target.caller?.startsWith(spec.caller) ?? false))
    && (spec.resource === undefined || (target.resource?.includes(nameIn(spec.resource)) ?? false));
}

/** An ARN matches by its last part, because calls name tables and secrets either way. */
const nameIn = (resource: string): string => (resource.startsWith('arn:') ? resource.split(/[:/]/).at(-1)! : resource);

const view = ({ id, spec, applied, waiting }: Entry): Fault => ({ ...spec, id, applied, waiting: waiting.size });

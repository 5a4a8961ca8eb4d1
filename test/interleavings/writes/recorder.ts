import type { Write } from '../dynamodb/requests';
import { shapeOf, writesOf } from '../dynamodb/requests';

/** A conditional write that ran. */
export interface RanWrite {
  readonly write: Write;
  /** Names of the functions of the stores that led to it. */
  readonly through: ReadonlySet<string>;
}

/** Frames of a stack within the stores: `at async DynamoUserStore.changePassword (.../adapters/dynamodb/users.ts:90:5)`. */
const FRAME = /at (?:async )?(?:[\w$<>]+\.)?([\w$<>]+) \(.*[\\/]adapters[\\/]dynamodb[\\/]/;

/** Notes which conditional writes ran, and from where in the sources. */
export class WriteRecorder {
  private readonly known = new Set<string>();
  readonly ran: RanWrite[] = [];

  /** To be called where the stores call, since the stack says which of them it is. `place` tells calls apart that have one shape. */
  note(place: string, command: string, input: unknown): void {
    for (const write of writesOf(command, input)) {
      if (write.request.ConditionExpression === undefined) continue;
      const key = `${place} ${shapeOf(write)}`;
      if (this.known.has(key)) continue;
      this.known.add(key);
      const frames = (new Error().stack ?? '').split('\n').map((line) => FRAME.exec(line)?.[1]);
      this.ran.push({ write, through: new Set(frames.filter((name) => name !== undefined)) });
    }
  }

  get shapes(): ReadonlySet<string> {
    return new Set(this.ran.map(({ write }) => shapeOf(write)));
  }
}

import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A JSON file that holds the whole state of a service. Written at most once a turn of the event loop, and never half. */
export class StateFile<T> {
  private planned = false;

  constructor(private readonly path: string, private readonly collect: () => T) {}

  read(): T | undefined {
    return existsSync(this.path) ? JSON.parse(readFileSync(this.path, 'utf8')) as T : undefined;
  }

  /** Something changed: writes soon. */
  touch(): void {
    if (this.planned) return;
    this.planned = true;
    setImmediate(() => {
      if (this.planned) this.flush();
    });
  }

  flush(): void {
    this.planned = false;
    mkdirSync(dirname(this.path), { recursive: true });
    replaceFile(this.path, JSON.stringify(this.collect()));
  }
}

/** A file of JSON lines: every change is appended, a start writes it anew without what has been overwritten. */
export class Journal<T> {
  private pending: string[] = [];

  constructor(private readonly path: string) {}

  /** Every whole line. A line cut off by a crash is the last one, and its change was never confirmed to anybody. */
  read(): T[] {
    if (!existsSync(this.path)) return [];
    return readFileSync(this.path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as T);
  }

  append(entry: T): void {
    if (this.pending.length === 0) setImmediate(() => this.flush());
    this.pending.push(`${JSON.stringify(entry)}\n`);
  }

  flush(): void {
    if (this.pending.length === 0) return;
    const lines = this.pending.join('');
    this.pending = [];
    appendFileSync(this.path, lines);
  }

  rewrite(entries: readonly T[]): void {
    mkdirSync(dirname(this.path), { recursive: true });
    this.pending = [];
    replaceFile(this.path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }
}

function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

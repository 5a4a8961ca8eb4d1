import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../template/types';
import type { ProcessIdentity } from './process-identity';
import { isRunning, thisProcess } from './process-identity';

/** A file for each instance that wants the directory, under a name that nobody ever uses again: whoever finds one of a dead process may delete it. */
const CLAIM = /^instance-\d+-[0-9a-f]{16}$/;

/** Beside the claim of who has the directory. */
const HELD = '.held';

interface Claim extends ProcessIdentity {
  /** ISO 8601. */
  readonly since: string;
}

/**
 * Keeps a directory for one instance: two would overwrite each other's state. Node has no lock that the kernel gives back, so that a claim
 * counts as long as its process runs. Who comes looks only after its own claim can be seen: of two that come at once at least one sees the
 * other, and the lesser name goes first.
 */
export class DirectoryLock {
  private constructor(private readonly directory: string, private readonly name: string) {}

  /** Throws a `UserError` that names the process which has the directory. */
  static async acquire(directory: string): Promise<DirectoryLock> {
    mkdirSync(directory, { recursive: true });
    const lock = new DirectoryLock(directory, `instance-${process.pid}-${randomBytes(8).toString('hex')}`);
    lock.claim();
    try {
      for (const name of lock.others()) await lock.pass(name);
      writeFileSync(join(directory, lock.name + HELD), '');
      return lock;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  release(): void {
    remove(this.directory, this.name);
  }

  private claim(): void {
    const claim: Claim = { ...thisProcess(), since: new Date().toISOString() };
    const file = join(this.directory, this.name);
    // Under its name it is whole.
    writeFileSync(`${file}.new`, JSON.stringify(claim), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  private others(): string[] {
    return readdirSync(this.directory).filter((name) => CLAIM.test(name) && name !== this.name);
  }

  /** Returns when the other claim is none any more. */
  private async pass(other: string): Promise<void> {
    for (;;) {
      const claim = read(this.directory, other);
      if (claim === undefined) return;
      if (!isRunning(claim)) return remove(this.directory, other);
      if (other < this.name || existsSync(join(this.directory, other + HELD))) throw inUse(this.directory, claim);
      // It has yet to look around: it sees this claim and gives way, or has seen none and is about to hold the directory.
      await sleep(5);
    }
  }
}

function read(directory: string, name: string): Claim | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, name), 'utf8')) as Claim;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The claim last: without it the mark beside it means nothing. */
function remove(directory: string, name: string): void {
  for (const file of [name + HELD, name]) rmSync(join(directory, file), { force: true });
}

function inUse(directory: string, { pid, since }: Claim): UserError {
  return new UserError(`${directory} is in use by another local instance, process ${pid}, since ${since}: stop it, or choose another directory with --data`);
}

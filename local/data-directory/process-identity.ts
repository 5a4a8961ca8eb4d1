import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as long as the machine runs: its number alone is given to another one after its end. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, as the system writes it; empty where the system does not say. */
  readonly started: string;
}

export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, started: startOf(process.pid) ?? '' });

/** Whether that very process is still there. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  if (!exists(pid)) return false;
  const now = startOf(pid);
  return now !== undefined && (now === started || now === '' || started === '');
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Undefined for what has ended, though its parent has not asked for its result yet. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return startInProc(pid);
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** See proc_pid_stat(5). The name of the program is in parentheses and may hold anything. */
function startInProc(pid: number): string | undefined {
  try {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

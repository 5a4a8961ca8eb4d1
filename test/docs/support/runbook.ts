import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const page = readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'runbook.md'), 'utf8');

export interface Block {
  readonly heading: string;
  readonly text: string;
}

/** Every block of shell of the runbook with its heading. */
export const BLOCKS: readonly Block[] = page.split(/^## /m).flatMap((section) => {
  const heading = section.split('\n')[0]!;
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text], index) => ({ heading: index === 0 ? heading : `${heading} (${index + 1})`, text: text! }));
});

/** The functions that the other blocks use. */
export const PREAMBLE = BLOCKS.find(({ text }) => text.includes('ask()'))!;

export interface Run {
  /** Null when it had to be killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Arguments of each call of `aws`. */
  readonly calls: readonly (readonly string[])[];
  readonly sleeps: number;
}

/** Longer than any run takes in which nothing waits; whatever waits for ever is killed. */
const ENOUGH_MS = 60_000;

/**
 * Runs a script after the preamble, with an `aws` that does what `stub` says (`$*` has the arguments), and a `sleep` that
 * does not sleep.
 */
export function runWith(stub: string, script: string, env: Readonly<Record<string, string>> = {}): Run {
  const folder = mkdtempSync(path.join(tmpdir(), 'runbook-'));
  try {
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    const calls = path.join(folder, 'calls');
    const sleeps = path.join(folder, 'sleeps');
    for (const file of [calls, sleeps]) writeFileSync(file, '');
    // Arguments may hold line ends: each is closed by a unit separator, each call by a record separator.
    program(bin, 'aws', `{ for word in "$@"; do printf '%s\\037' "$word"; done; printf '\\036'; } >> '${calls}'\n${stub}`);
    program(bin, 'sleep', `echo "$1" >> '${sleeps}'`);
    const done = spawnSync('bash', ['-c', `${PREAMBLE.text}\n${script}`], {
      encoding: 'utf8', timeout: ENOUGH_MS, killSignal: 'SIGKILL', cwd: folder,
      env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, TMPDIR: folder, ...env },
    });
    return {
      status: done.status, stdout: done.stdout, stderr: done.stderr,
      calls: readFileSync(calls, 'utf8').split('\u001e').filter((call) => call !== '').map((call) => call.split('\u001f').slice(0, -1)),
      sleeps: readFileSync(sleeps, 'utf8').split('\n').length - 1,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function program(bin: string, name: string, text: string): void {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/bash\n${text}\n`);
  chmodSync(file, 0o755);
}

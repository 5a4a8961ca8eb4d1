import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What one call of `curl` met. */
export interface Call {
  readonly status: number;
  readonly isPost: boolean;
  readonly headers: string;
  readonly body: string;
}

export interface Ran {
  /** Of the shell: 0 when every line ran. */
  readonly status: number;
  readonly stderr: string;
  readonly calls: readonly Call[];
  /** What `-c jar` wrote. */
  readonly jar: string;
}

/** Runs lines as a person pastes them, in an empty folder. A line that fails ends them. `curl` is the real one and leaves behind what it met. */
export async function runLines(lines: string): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), 'curl-'));
  try {
    const [bin, met] = ['bin', 'met'].map((name) => path.join(folder, name)) as [string, string];
    for (const made of [bin, met]) mkdirSync(made);
    const curl = execFileSync('bash', ['-c', 'command -v curl'], { encoding: 'utf8' }).trim();
    const shim = path.join(bin, 'curl');
    writeFileSync(shim, `#!/bin/bash
at=$(printf '%s/%03d' '${met}' "$(ls '${met}' | grep -c arguments)")
printf '%s\\n' "$@" > "$at.arguments"
'${curl}' -sS -D "$at.headers" -o "$at.body" "$@" && cat "$at.body"
`);
    chmodSync(shim, 0o755);
    const { status, stderr } = await new Promise<Pick<Ran, 'status' | 'stderr'>>((resolve) => {
      const options = { cwd: folder, timeout: 60_000, killSignal: 'SIGKILL' as const, env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder } };
      execFile('bash', ['--norc', '-euo', 'pipefail', '-c', lines], options, (error, _stdout, told) => resolve({ status: error === null ? 0 : Number(error.code ?? 255), stderr: told }));
    });
    const read = (name: string) => {
      try {
        return readFileSync(path.join(folder, name), 'utf8');
      } catch {
        return '';
      }
    };
    const calls = readdirSync(met).filter((name) => name.endsWith('.arguments')).sort().map((name) => {
      const of = (kind: string) => read(path.join('met', name.replace('arguments', kind)));
      const headers = of('headers');
      return { status: Number(/^HTTP\/\S+ (\d{3})/.exec(headers)?.[1]), isPost: /^(-d|--data.*)$/m.test(of('arguments')), headers, body: of('body') };
    });
    return { status, stderr, calls, jar: read('jar') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { spawnSync } from 'node:child_process';

/** Runs a command to its end; its output is shown only when it fails. */
export function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): string {
  const result = spawnSync(command, args, { ...options, env: options.env ?? process.env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status ?? result.error?.message}\n${result.stdout ?? ''}\n${result.stderr ?? ''}`);
  }
  return result.stdout;
}

/**
 * Whether a tool is there. A machine without it skips the suite with one line; under CI that is a failure, so that a
 * missing tool never looks like a passing test.
 */
export function has(tool: string, ...versionArgs: string[]): boolean {
  const found = spawnSync(tool, versionArgs, { stdio: 'ignore' }).status === 0;
  if (found) return true;
  if (process.env.CI) throw new Error(`${tool} is not installed: its tests need it under CI`);
  console.warn(`${tool} is not installed: its tests are skipped`);
  return false;
}

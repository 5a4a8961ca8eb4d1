import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from './sources.ts';

/** Runs bench/children/<name>.ts in a process of its own; it answers with one line of JSON at the end of its output. */
export function child<T>(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<T> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [path.join(root, 'bench', 'children', `${name}.ts`), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    process_.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    process_.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString(); });
    process_.on('error', reject);
    process_.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output.trim().split('\n').at(-1)!) as T);
      else reject(new Error(`${name} ended with ${code}: ${errors}`));
    });
  });
}

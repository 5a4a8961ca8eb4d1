import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read, root } from './support/repository';

/** In bench/ but no measurement. */
const OTHERS = ['all.ts', 'prices.ts'];

describe('benchmarks', () => {
  const measurements = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.ts') && !OTHERS.includes(file)).sort();

  test('every measurement is one command, and docs/benchmarks.md tells its result', () => {
    expect(measurements.length).toBeGreaterThan(0);
    const page = read('docs/benchmarks.md');
    const commands = [...page.matchAll(/^`node scripts\/with-node24\.js node bench\/([\w-]+\.ts)`$/gm)].map(([, file]) => file);
    expect(commands).toEqual(measurements);
  });

  test('npm run bench runs them all', () => {
    expect(JSON.parse(read('package.json')).scripts.bench).toBe('node scripts/with-node24.js node bench/all.ts');
  });
});

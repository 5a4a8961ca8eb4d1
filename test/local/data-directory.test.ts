import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { DirectoryLock } from '../../local/data-directory/lock';
import { isRunning, thisProcess } from '../../local/data-directory/process-identity';
import { UserError } from '../../local/template/types';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'data-directory-'));
const script = join(folder, 'acquire.js');
const running = new Set<ChildProcess>();

beforeAll(() => {
  // Says what came of it, holds what it has, and gives it back when its input ends.
  const code = `import { DirectoryLock } from '${join(root, 'local/data-directory/lock')}';
    DirectoryLock.acquire(process.argv[2]!).then(
      (lock) => { process.stdout.write('held\\n'); process.stdin.on('end', () => lock.release()).resume(); },
      (error) => { process.stdout.write(error.message + '\\n'); },
    );`;
  buildSync({ stdin: { contents: code, resolveDir: root, loader: 'ts' }, outfile: script, bundle: true, platform: 'node', target: 'node24', tsconfigRaw: '{}', logLevel: 'error' });
});

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Contender {
  readonly child: ChildProcess;
  /** Its first line. */
  readonly said: Promise<string>;
  readonly ended: Promise<void>;
}

function contend(directory: string): Contender {
  const child = spawn(process.execPath, [script, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  const ended = new Promise<void>((resolve) => child.on('close', () => {
    running.delete(child);
    resolve();
  }));
  let text = '';
  const said = new Promise<string>((resolve) => child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.includes('\n')) resolve(text.trim());
  }));
  return { child, said, ended };
}

const giveBack = async ({ child, ended }: Contender): Promise<void> => {
  child.stdin!.end();
  await ended;
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(folder, 'data-'));
});

test('two processes: the second is refused, and told which one has the directory', async () => {
  const first = contend(directory);
  expect(await first.said).toBe('held');
  const second = contend(directory);
  expect(await second.said).toMatch(new RegExp(`^${directory} is in use by another local instance, process ${first.child.pid}, since .+Z: stop it, or choose another directory with --data$`));
  await second.ended;
  await giveBack(first);
  expect(readdirSync(directory)).toEqual([]);
  const third = contend(directory);
  expect(await third.said).toBe('held');
  await giveBack(third);
});

test('of eight that start at once exactly one has it, also where a dead one had it before', async () => {
  for (let round = 0; round < 3; round += 1) {
    const contenders = Array.from({ length: 8 }, () => contend(directory));
    const said = await Promise.all(contenders.map((each) => each.said));
    expect(said.filter((text) => text === 'held')).toHaveLength(1);
    const holder = contenders[said.indexOf('held')]!;
    // Killed without a chance to give anything back: it is in nobody's way.
    holder.child.kill('SIGKILL');
    await Promise.all(contenders.map((each) => each.ended));
    expect(readdirSync(directory).length).toBeGreaterThan(0);
  }
});

test('the number of a dead process that another one has by now blocks nobody', async () => {
  const name = `instance-${process.pid}-${'0'.repeat(16)}`;
  writeFileSync(join(directory, name), JSON.stringify({ pid: process.pid, started: 'another time', since: 'then' }));
  writeFileSync(join(directory, `${name}.held`), '');
  const lock = await DirectoryLock.acquire(directory);
  expect(readdirSync(directory)).not.toContain(name);
  await expect(DirectoryLock.acquire(directory)).rejects.toThrow(UserError);
  lock.release();
  expect(readdirSync(directory)).toEqual([]);
});

test('a process is known by more than its number', async () => {
  const { child, ended } = contend(directory);
  const own = thisProcess();
  expect([isRunning(own), isRunning({ ...own, started: 'another time' }), isRunning({ ...own, pid: child.pid! })]).toEqual([true, false, false]);
  child.kill('SIGKILL');
  await ended;
  expect(isRunning({ pid: child.pid!, started: '' })).toBe(false);
});

test('a claim is whole, and of this process', async () => {
  const lock = await DirectoryLock.acquire(directory);
  const [claim] = readdirSync(directory).filter((name) => !name.endsWith('.held'));
  expect(JSON.parse(readFileSync(join(directory, claim!), 'utf8'))).toEqual({ ...thisProcess(), since: expect.stringMatching(/^\d{4}-.*Z$/) });
  lock.release();
});

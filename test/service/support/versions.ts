import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AuthService } from '../../../src';
import type { AuthServiceProps } from '../../../src';
import { startApp } from '../../local/support/app';
import { Service } from './service';

const root = path.join(__dirname, '..', '..', '..');
/** What a function's code is made of. */
const CODE = ['lambda', 'src/contract'];
const folders: string[] = [];

const temporary = (prefix: string): string => {
  const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
  folders.push(folder);
  return folder;
};

/** For `afterAll`. */
export function removeVersions(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

export type Earlier = { readonly commits: readonly string[] } | { readonly absentBecause: string };

/** Changes that are looked at: one that only tells more in a comment leaves the bundles as they were. */
const MOST = 8;

/** The commits before the newest changes of the functions' code, newest first; a change that is not committed yet is the newest one. */
export function earlierVersions(): Earlier {
  try {
    if (path.resolve(git('rev-parse', '--show-toplevel')) !== path.resolve(root)) return { absentBecause: 'this folder is no repository of its own' };
    const changes = git('log', `-${MOST}`, '--format=%H', '--', ...CODE).split('\n').filter(Boolean);
    const uncommitted = git('status', '--porcelain', '--', ...CODE) === '' ? [] : [git('rev-parse', 'HEAD')];
    const commits = [...uncommitted, ...changes.flatMap((change) => parentOf(change) ?? [])];
    return commits.length === 0 ? { absentBecause: 'the history does not go back beyond the newest change of lambda/, as in a shallow clone' } : { commits };
  } catch {
    return { absentBecause: 'there is no git, or this folder is no repository' };
  }
}

function parentOf(commit: string): string | undefined {
  try {
    return git('rev-parse', '--verify', '--quiet', `${commit}^`);
  } catch {
    return undefined;
  }
}

/** Bundles of the newest of these commits that has others than those of today. */
export function previousBundles(commits: readonly string[], today: string): string {
  for (const commit of commits) {
    const bundles = bundlesOf(commit);
    if (hashOf(bundles) !== hashOf(today)) return bundles;
  }
  throw new Error(`the bundles are those of today in each of ${commits.join(', ')}`);
}

function hashOf(assets: string): string {
  const hash = createHash('sha256');
  for (const name of namesIn(assets)) hash.update(name).update(readFileSync(path.join(assets, name, 'index.js')));
  return hash.digest('hex');
}

/** The bundles of a commit, by its own bundler, with the packages of today. */
function bundlesOf(commit: string): string {
  const folder = temporary('previous-version-');
  const archive = execFileSync('git', ['archive', '--format=tar', commit, ...CODE, 'scripts/bundle.mjs'], { cwd: root, maxBuffer: 256 * 1024 * 1024 });
  execFileSync('tar', ['-x', '-f', '-', '-C', folder], { input: archive });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  execFileSync(process.execPath, [path.join(folder, 'scripts', 'bundle.mjs'), '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return path.join(folder, 'assets');
}

/** Functions that there are bundles of: an older version may lack some. */
export const namesIn = (assets: string): string[] => readdirSync(assets).filter((name) => name !== 'local').sort();

/** One service whose functions can each be of another version, over data that stays. */
export class VersionedService {
  private readonly outdir = temporary('versions-');
  private readonly dataDir = temporary('versions-data-');
  /** Where the code of a function lies, by the folder of its bundle. */
  private readonly code = new Map<string, string>();
  private running: Service | undefined;

  constructor(props: AuthServiceProps) {
    const app = new App({ outdir: this.outdir, treeMetadata: false });
    new AuthService(new Stack(app, 'Test'), 'Auth', props);
    app.synth();
    const { Resources: resources } = JSON.parse(readFileSync(path.join(this.outdir, 'Test.template.json'), 'utf8')) as { Resources: Record<string, any> };
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      if (Type !== 'AWS::Lambda::Function' || !id.startsWith('AuthFunctions')) continue;
      const name = /^AuthFunctions(\w+)Function[0-9A-F]{8}$/.exec(id)![1]!.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
      this.code.set(name, path.join(this.outdir, `asset.${path.parse(Properties.Code.S3Key).name}`));
    }
  }

  get service(): Service {
    if (!this.running) throw new Error('nothing runs yet');
    return this.running;
  }

  get functions(): string[] {
    return [...this.code.keys()].sort();
  }

  /** Puts bundles in the place of the functions' code, and starts all again on the same data. */
  async restart(assets: string): Promise<void> {
    this.replace(assets, this.functions);
    await this.running?.instance.stop();
    const instance = await startApp(this.outdir, { dataDir: this.dataDir });
    this.running = new Service(instance, instance.url('Auth'));
  }

  advance(seconds: number): void {
    this.service.advance(seconds);
  }

  /** Lets some functions take over another version while the others go on, as a canary and a rollback do. */
  deploy(assets: string, names: readonly string[]): void {
    this.replace(assets, names);
    this.service.instance.recycle();
  }

  private replace(assets: string, names: readonly string[]): void {
    for (const name of names) {
      if (existsSync(path.join(assets, name))) cpSync(path.join(assets, name), this.code.get(name)!, { recursive: true, force: true });
    }
  }
}

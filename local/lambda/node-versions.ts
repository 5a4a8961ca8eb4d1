import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../template/types';
import { majorOf, nodeInPackages, PACKAGE } from './node-packages';

/** A function as its template declares it. */
export interface PlannedFunction {
  readonly logicalId: string;
  readonly runtime: string;
  /** The very version, as functions of the service need it: how they hash depends on what the runtime can do. */
  readonly exact: boolean;
}

interface Node {
  readonly major: number;
  readonly binary: string;
}

/** Older ones miss what a function may have been written for; one long-term release apart is near enough to try. */
const NEAR_BELOW = 2;
const NEWEST = 40;

/** Which Node.js runs which function. All functions are looked at before anything is made, so that one message tells all that is missing. */
export class NodeVersions {
  readonly warnings: string[] = [];
  private readonly own: Node = { major: Number(process.versions.node.split('.')[0]), binary: process.execPath };
  private readonly given: readonly Node[];
  private readonly chosen = new Map<string, Node>();

  /** @param given paths by major version, of binaries or of folders that hold one. Throws a `UserError` for what is no such Node.js. */
  constructor(private readonly searchFrom: readonly string[], given: Readonly<Record<string, string>> = {}) {
    this.given = Object.entries(given).map(([major, place]) => ({ major: Number(major), binary: checkedBinary(Number(major), place) }));
  }

  /** Throws a `UserError` that lists what is missing and how to have all of it at once. */
  plan(functions: readonly PlannedFunction[]): void {
    const missing: [number, readonly PlannedFunction[]][] = [];
    const near: [number, Node, readonly PlannedFunction[]][] = [];
    for (const runtime of new Set(functions.map((planned) => planned.runtime))) {
      const those = functions.filter((planned) => planned.runtime === runtime);
      const wanted = majorOf(runtime);
      if (wanted === undefined) continue;
      const found = this.find(wanted) ?? (those.some(({ exact }) => exact) ? undefined : this.nearest(wanted));
      if (found) this.chosen.set(runtime, found);
      if (!found) missing.push([wanted, those]);
      else if (found.major !== wanted) near.push([wanted, found, those]);
    }
    if (missing.length > 0) throw new UserError(messageOf([...missing, ...near.map(([wanted, , those]) => [wanted, those] as const)]));
    for (const [wanted, found, those] of near) {
      const run = those.length === 1 ? 'runs' : 'run';
      this.warnings.push(`${namesOf(those)} (nodejs${wanted}.x) ${run} on Node ${found.major} here; for Node ${wanted}: ${remedy([wanted])}`);
    }
  }

  /** The binary for a runtime. Throws a `UserError` for one that was not planned and is not here. */
  binaryFor(runtime: string, logicalId: string): string {
    if (!this.chosen.has(runtime)) this.plan([{ logicalId, runtime, exact: false }]);
    return this.chosen.get(runtime)!.binary;
  }

  private find(major: number): Node | undefined {
    const given = this.given.find((node) => node.major === major);
    if (given) return given;
    if (this.own.major === major) return this.own;
    const binary = nodeInPackages(major, this.searchFrom);
    return binary === undefined ? undefined : { major, binary };
  }

  private nearest(wanted: number): Node | undefined {
    for (let major = wanted + 1; major <= NEWEST; major += 1) {
      const found = this.find(major);
      if (found) return found;
    }
    for (let major = wanted - 1; major >= wanted - NEAR_BELOW; major -= 1) {
      const found = this.find(major);
      if (found) return found;
    }
    return undefined;
  }
}

function messageOf(missing: readonly (readonly [number, readonly PlannedFunction[]])[]): string {
  const sorted = [...missing].sort(([left], [right]) => left - right);
  const lines = sorted.map(([major, those]) => `  Node ${major} for ${namesOf(those)}`);
  return [`functions of the app run on versions of Node.js that are not here (this is Node ${process.versions.node}):`, ...lines, remedy(sorted.map(([major]) => major))].join('\n');
}

const MOST_NAMES = 4;

function namesOf(functions: readonly PlannedFunction[]): string {
  const names = functions.map(({ logicalId }) => logicalId);
  return names.length <= MOST_NAMES ? names.join(', ') : `${names.slice(0, MOST_NAMES - 1).join(', ')} and ${names.length - MOST_NAMES + 1} more`;
}

/** Under names of their own the packages do not take each other's place. */
function remedy(majors: readonly number[]): string {
  const options = majors.map((major) => `--node ${major}=PATH`).join(' ');
  if (PACKAGE === undefined) return `install ${majors.length === 1 ? 'it' : 'them'} with a version manager and start with ${options}`;
  return `npm install -D ${majors.map((major) => `node${major}@npm:${PACKAGE}@${major}`).join(' ')}, or start with ${options}`;
}

function checkedBinary(major: number, place: string): string {
  const candidates = existsSync(place) && statSync(place).isDirectory() ? ['node', 'node.exe', path.join('bin', 'node')].map((name) => path.join(place, name)) : [place];
  const binary = candidates.find((candidate) => existsSync(candidate));
  const { stdout, status } = binary === undefined ? { stdout: '', status: 1 } : spawnSync(binary, ['--version'], { encoding: 'utf8' });
  const [, version, found] = /^v((\d+)\.\d+\.\d+)\s*$/.exec(stdout) ?? [];
  if (binary === undefined || status !== 0 || version === undefined) throw new UserError(`--node ${major}=${place}: there is no Node.js that runs; give the binary or the folder it is in`);
  if (Number(found) !== major) throw new UserError(`--node ${major}=${place} is Node ${version}`);
  return path.resolve(binary);
}

import { App, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import type { AuthServiceProps } from '../../../src';
import { AuthApi } from '../../../src';
import { refusalsOf } from './conflicts';
import type { Part } from './dials';
import { DIALS } from './dials';

/** As many as half a minute allows. */
export const COMBINATIONS = 50;

/** One value of some dials. */
type Settings = readonly (readonly [dial: string, value: string])[];

export interface Combination {
  /** `preset=highScale; firewall=disabled`, for a failure. */
  readonly name: string;
  readonly settings: Settings;
  readonly props: (stack: Stack) => AuthServiceProps;
}

/** The defaults, and as many random combinations. They are the same at every run: a failure is one to look into, not one to try again. */
export function combinations(count: number): Combination[] {
  const columns = Object.entries(DIALS).map(([dial, variants], index) => [dial, column(Object.keys(variants), count, index)] as const);
  const row = (index: number): Settings => columns.flatMap(([dial, values]) => (values[index] === undefined ? [] : [[dial, values[index]]]));
  return [[], ...Array.from({ length: count }, (_, index) => row(index))].map(combine);
}

/** Each value of each dial alone; one that is good only beside others in the first combination that has it. */
export function changes(): Combination[] {
  const alone = Object.entries(DIALS).flatMap(([dial, variants]) => Object.keys(variants).map((variant) => combine([[dial, variant]])));
  const isGood = ({ props }: Combination) => refusalsOf(props(new Stack(new App(), 'Stack'))).length === 0;
  const good = alone.filter(isGood);
  const larger = combinations(COMBINATIONS).map(reconciled);
  const inCompany = ({ name }: Combination) => larger.find(({ settings }) => settings.some((own) => own.join('=') === name));
  const others = alone.filter((single) => !good.includes(single)).flatMap((single) => inCompany(single) ?? []);
  return [...good, ...new Set(others)];
}

/** What is left when some dials of a combination are given up until nothing has to be refused: the combination itself where nothing has to be. */
export function reconciled({ settings }: Combination): Combination {
  const conflictsOf = (given: Settings) => refusalsOf(combine(given).props(new Stack(new App(), 'Stack'))).length;
  let [left, conflicts] = [settings, conflictsOf(settings)];
  for (const setting of settings) {
    if (conflicts === 0) break;
    const fewer = left.filter((other) => other !== setting);
    const remaining = conflictsOf(fewer);
    if (remaining < conflicts) [left, conflicts] = [fewer, remaining];
  }
  return combine(left);
}

/** Every value about as often as any other, left out as often as set, in random order: no value is missed by bad luck. */
function column(values: readonly string[], count: number, seed: number): (string | undefined)[] {
  const cycle = Array.from({ length: count }, (_, row) => (row % 2 === 0 ? undefined : values[(row >> 1) % values.length]));
  return fc.sample(fc.shuffledSubarray(cycle, { minLength: count }), { numRuns: 1, seed: 20_261_122 + seed })[0]!;
}

function combine(settings: Settings): Combination {
  return {
    name: settings.map((setting) => setting.join('=')).join('; ') || 'the defaults',
    settings,
    props: (stack) => {
      const { front, kind, ...props } = settings.reduce((sum, [dial, variant]) => merge(sum, DIALS[dial]![variant]!(stack)) as Part, {} as Part);
      return front === undefined && kind === undefined ? props : { ...props, api: AuthApi[kind ?? 'rest'](front) };
    },
  };
}

/** Members by which entries of lists are told apart. */
const KEYS = ['name', 'alarm'];
const isStruct = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function merge(below: unknown, above: unknown): unknown {
  if (isStruct(below) && isStruct(above)) {
    const names = new Set([...Object.keys(below), ...Object.keys(above)]);
    return Object.fromEntries([...names].map((name) => [name, merge(below[name], above[name])]));
  }
  if (Array.isArray(below) && Array.isArray(above)) {
    const idOf = (entry: unknown) => KEYS.map((key) => (entry as Record<string, unknown>)[key]).find((id) => id !== undefined);
    const joined = below.map((entry) => merge(entry, above.find((other) => idOf(other) === idOf(entry))));
    return [...joined, ...above.filter((entry) => below.every((other) => idOf(other) !== idOf(entry)))];
  }
  return above ?? below;
}

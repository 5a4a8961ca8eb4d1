import { cpus } from 'node:os';

/** One line of a section. `met` is left out where nothing was promised. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target?: string;
  readonly met?: boolean;
}

/** Prints a section of docs/benchmarks.md. */
export function section(title: string, command: string, text: string, rows: readonly Row[]): void {
  const lines = [`## ${title}`, '', `\`node scripts/with-node24.js node bench/${command}.ts\``, '', text, '', '| what | measured | target | |', '|---|---|---|---|'];
  for (const { what, measured, target = '', met } of rows) lines.push(`| ${what} | ${measured} | ${target} | ${met === undefined ? '' : met ? 'met' : '**missed**'} |`);
  console.log(`${lines.join('\n')}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A ratio and its promise. */
export function ratioRow(what: string, ratio: number, atMost: number): Row {
  return { what, measured: `${ratio.toFixed(2)} x`, target: `<= ${atMost} x`, met: ratio <= atMost };
}

export const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;

export function machine(): string {
  return `${process.platform} ${process.arch}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`;
}

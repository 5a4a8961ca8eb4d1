/** Where lines go. */
export type Sink = (line: string) => void;

/**
 * Straight to the stream: under Lambda's JSON log format `console.log` wraps what it is given, and a wrapped embedded-metric
 * document is no metric.
 */
export const stdout: Sink = (line) => {
  process.stdout.write(line);
};

/**
 * One object, one line. Everything but printable ASCII is escaped, so that no terminal sequence, line separator or
 * direction mark of an attacker reaches the eyes or the parser of whoever reads the log (ASVS 16.4.1).
 */
export function encodeLine(document: object): string {
  const escaped = JSON.stringify(document).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${escaped}\n`;
}

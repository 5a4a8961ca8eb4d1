import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = join(__dirname, '..', 'reviewed');

/** Compares with a file that is read line by line in reviews. `UPDATE_REVIEWED=1` writes it anew, on purpose and never under CI. */
export function expectReviewed(name: string, lines: readonly string[]): void {
  const file = join(folder, name);
  const text = `${lines.join('\n')}\n`;
  if (process.env.UPDATE_REVIEWED === '1' && !process.env.CI) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(text);
}

/** A value of a template in few words: a reference by the name of what it means, without the hash of its id. */
export function inWords(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inWords).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, operand] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Ref') return nameOf(String(operand));
  if (others.length === 0 && name === 'Fn::GetAtt') return `${nameOf(operand[0])}${operand[1] === 'Arn' ? '' : `.${operand[1]}`}`;
  if (others.length === 0 && name === 'Fn::Join') return (operand[1] as unknown[]).map(inWords).join(operand[0]);
  return `{${Object.entries(value).map(([key, member]) => `${key}: ${inWords(member)}`).join(', ')}}`;
}

function nameOf(id: string): string {
  return id.startsWith('AWS::') ? `<${id.slice('AWS::'.length)}>` : id.replace(/^Auth(?=[A-Z])/, '').replace(/[0-9A-F]{8}$/, '');
}

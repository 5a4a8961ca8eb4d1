import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '..', '..', '..', '..');
const source = join(root, 'src');

/** Where src/ may refuse something: each call of `refuse` and of a `checkX`, each error that it makes itself. As `file:line what`. */
export function refusalSites(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).flatMap((file) => sitesIn(join(source, file))).sort();
}

/** The sites that an error came by, from its stack, which jest maps back to the sources. */
export function sitesOf(error: Error): string[] {
  return [...(error.stack ?? '').matchAll(/\(?([^\s()]+\.ts):(\d+):\d+\)?$/gm)].map(([, file, line]) => `${relative(root, file!)}:${line}`);
}

function sitesIn(file: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = nameOf(node);
    if (name !== undefined) found.push(`${relative(root, file)}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${name}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Error') return 'new Error';
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  return /^(?:refuse|check[A-Z]\w*)$/.test(node.expression.text) ? node.expression.text : undefined;
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const STORES = path.resolve(__dirname, '..', '..', '..', 'lambda', 'adapters', 'dynamodb');

/** One condition in the sources of the stores. */
export interface ConditionSite {
  /** `users.ts:120 changePassword` */
  readonly place: string;
  /** The function that it stands in. */
  readonly within: string;
  /** Whether that function sends it; otherwise it only builds the request, and is on nobody's stack when it is sent. */
  readonly sends: boolean;
  /** What the condition looks like when it is sent. */
  readonly pattern: RegExp;
}

/**
 * Every condition that the stores send, found where it is written: each `ConditionExpression`, and where that is a parameter, what each
 * caller passes. What only a run can tell is left open in the pattern.
 */
export function conditionSites(): ConditionSite[] {
  const files = readdirSync(STORES).filter((file) => file.endsWith('.ts')).map((file) => ts.createSourceFile(file, readFileSync(path.join(STORES, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return files.flatMap((file) => descendants(file).flatMap((node) => {
    if (!(ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) || node.name.getText() !== 'ConditionExpression') return [];
    return sitesOf(ts.isPropertyAssignment(node) ? node.initializer : node.name, files);
  }));
}

function sitesOf(expression: ts.Expression, files: readonly ts.SourceFile[]): ConditionSite[] {
  const owner = enclosingFunction(expression);
  const parameter = ts.isIdentifier(expression) ? owner?.parameters.findIndex((each) => each.name.getText() === expression.text) ?? -1 : -1;
  if (parameter >= 0) {
    const name = nameOf(owner!);
    const calls = files.flatMap(descendants).filter((node): node is ts.CallExpression => ts.isCallExpression(node) && calledName(node) === name);
    if (calls.length === 0) throw new Error(`${placeOf(expression)}: nobody calls ${name}, which takes the condition`);
    return calls.flatMap((call) => sitesOf(call.arguments[parameter]!, files));
  }
  const node = outermost(expression);
  const within = node ? nameOf(node) : '';
  const sends = node?.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  return [{ place: `${placeOf(expression)} ${within}`, within, sends, pattern: new RegExp(`^${patternOf(expression)}$`) }];
}

/** The text that an expression becomes, as a pattern. */
function patternOf(expression: ts.Expression): string {
  if (ts.isStringLiteralLike(expression)) return escaped(expression.text);
  if (ts.isTemplateExpression(expression)) {
    return escaped(expression.head.text) + expression.templateSpans.map((span) => patternOf(span.expression) + escaped(span.literal.text)).join('');
  }
  if (ts.isConditionalExpression(expression)) return `(?:${patternOf(expression.whenTrue)}|${patternOf(expression.whenFalse)})`;
  if (ts.isBinaryExpression(expression)) return patternOf(expression.left) + patternOf(expression.right);
  if (ts.isIdentifier(expression)) {
    const constant = descendants(expression.getSourceFile()).find((node): node is ts.VariableDeclaration =>
      ts.isVariableDeclaration(node) && node.name.getText() === expression.text && node.initializer !== undefined);
    return constant ? patternOf(constant.initializer!) : '.+';
  }
  const joined = ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression) && expression.expression.name.text === 'join' ? expression.expression.expression : undefined;
  if (joined && ts.isArrayLiteralExpression(joined)) {
    return joined.elements.map((element) => (ts.isSpreadElement(element) ? '.*' : patternOf(element))).join(escaped(' AND '));
  }
  return '.+';
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

type FunctionNode = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;

const isFunction = (node: ts.Node): node is FunctionNode =>
  ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);

function enclosingFunction(node: ts.Node): FunctionNode | undefined {
  let current: ts.Node | undefined = node.parent;
  while (current && !isFunction(current)) current = current.parent;
  return current;
}

/** The method or function of the file, not one within it. */
function outermost(node: ts.Node): FunctionNode | undefined {
  let found: FunctionNode | undefined;
  for (let current = enclosingFunction(node); current; current = enclosingFunction(current)) found = nameOf(current) === '' ? found : current;
  return found;
}

function nameOf(node: FunctionNode): string {
  if (node.name) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '';
}

function calledName(call: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : call.expression.getText();
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function descendants(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    found.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

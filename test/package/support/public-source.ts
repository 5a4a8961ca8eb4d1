import ts from 'typescript';
import type { ApiType, Assembly } from './public-api';
import { read } from './repository';

/** What jsii accepts and then forgets, so that `.jsii` cannot show it: literal types, generic methods, overloads. */
export function sourceFaultsOf(assembly: Assembly): string[] {
  return Object.values(assembly.types ?? {}).flatMap((type) => {
    const declaration = declarationOf(type);
    return declaration ? declaration.members.flatMap((member) => memberFaults(type.name, member)).concat(overloads(type.name, declaration)) : [];
  }).sort();
}

type Declaration = ts.ClassDeclaration | ts.InterfaceDeclaration;

function declarationOf(type: ApiType): { readonly members: ReadonlyArray<ts.ClassElement | ts.TypeElement> } | undefined {
  if (type.kind === 'enum') return undefined;
  const file = type.locationInModule?.filename ?? '';
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((statement): statement is Declaration =>
    (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) && statement.name?.text === type.name);
  if (!found) throw new Error(`${type.name} is not declared in ${file}`);
  return { members: [...found.members].filter(isPublic) };
}

function isPublic(member: ts.ClassElement | ts.TypeElement): boolean {
  const modifiers = ts.canHaveModifiers(member) ? ts.getModifiers(member) ?? [] : [];
  const hidden = modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) || member.name?.getText().startsWith('_') || (member.name && ts.isPrivateIdentifier(member.name));
  return !hidden;
}

function memberFaults(owner: string, member: ts.ClassElement | ts.TypeElement): string[] {
  const place = `${owner}.${member.name?.getText() ?? 'constructor'}`;
  const faults: string[] = [];
  if (ts.isFunctionLike(member) && (member.typeParameters?.length ?? 0) > 0) faults.push(`${place}: a generic method`);
  for (const type of signature(member)) {
    if (hasLiteral(type)) faults.push(`${place}: a literal type, of which other languages see only a string`);
  }
  return faults;
}

function signature(member: ts.ClassElement | ts.TypeElement): ts.TypeNode[] {
  if (ts.isFunctionLike(member)) return [...member.parameters.map(({ type }) => type), member.type].filter((type) => type !== undefined);
  if ((ts.isPropertyDeclaration(member) || ts.isPropertySignature(member)) && member.type) return [member.type];
  return [];
}

function hasLiteral(node: ts.Node): boolean {
  if (ts.isTemplateLiteralTypeNode(node)) return true;
  if (ts.isLiteralTypeNode(node) && (ts.isStringLiteral(node.literal) || ts.isNumericLiteral(node.literal))) return true;
  return ts.forEachChild(node, hasLiteral) ?? false;
}

function overloads(owner: string, { members }: { readonly members: ReadonlyArray<ts.ClassElement | ts.TypeElement> }): string[] {
  const methods = members.filter((member) => ts.isMethodDeclaration(member) || ts.isMethodSignature(member)).map(({ name }) => name.getText());
  return methods.filter((name, index) => methods.indexOf(name) !== index).map((name) => `${owner}.${name}: an overload`);
}

/** The names that an index file exports; a fault for each export that is not an explicit name. */
export function exportedNames(file: string): { readonly names: string[]; readonly faults: string[] } {
  const names: string[] = [];
  const faults: string[] = [];
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      names.push(...statement.exportClause.elements.map(({ name }) => name.text));
    } else {
      faults.push(`not an explicit named export: ${statement.getText().split('\n')[0]}`);
    }
  }
  return { names, faults };
}

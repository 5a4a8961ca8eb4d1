import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../../../lambda/http/openapi/document';
import { statusOf } from '../../../lambda/http/status';
import { OPERATIONS } from '../../../lambda/http/openapi/operations';
import type { ErrorCode } from '../../../src/contract/error-codes';
import { ErrorCodes } from '../../../src/contract/error-codes';
import { Routes } from '../../../src/contract/routes';

const document = openApiDocument() as any;
const root = join(__dirname, '..', '..', '..');

describe('docs/openapi.json', () => {
  test('is what the schemas of the handlers give (node scripts/openapi.mjs)', () => {
    const committed = readFileSync(join(root, 'docs', 'openapi.json'), 'utf8');
    expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  test('describes every route of the contract and no other', () => {
    const described = Object.entries<any>(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const routes = Routes.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual(routes.sort());
    expect(Object.keys(OPERATIONS).sort()).toEqual(routes.sort());
  });

  test.each(Routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (name, route) => {
    const operation = document.paths[route.path][route.method.toLowerCase()];
    expect(operation.operationId).toMatch(/^[a-z]\w+$/i);
    if (route.access === 'bearer') expect(operation.security).toEqual([{ accessToken: [] }]);
    else expect(operation.security.flatMap(Object.keys)).not.toContain('accessToken');
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['429', '500', '503']));
    expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
    if (route.access === 'bearer') expect(operation.responses).toHaveProperty('401');
    if (OPERATIONS[name]?.request) expect(operation.responses).toHaveProperty('400');
  });

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)];
    expect(references.length).toBeGreaterThan(50);
    for (const [, kind, name] of references) expect(document.components[kind!]).toHaveProperty([name!]);
  });

  test('request schemas refuse unknown members', () => {
    for (const [name, schema] of Object.entries<any>(document.components.schemas)) {
      if (name.endsWith('Request')) expect(schema.additionalProperties).toBe(false);
    }
  });

  test('every code of the contract is one that something answers with', () => {
    const answering = ['lambda', 'src'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('error-codes.ts')).map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(Object.keys(ErrorCodes).filter((code) => !new RegExp(`['"\\b.]${code}\\b`).test(answering))).toEqual([]);
  });

  test('the codes of a status have that status', () => {
    for (const route of Routes) {
      const { responses } = document.paths[route.path][route.method.toLowerCase()];
      for (const [status, { $ref }] of Object.entries<any>(responses)) {
        if (!$ref) continue;
        for (const code of $ref.split('/').at(-1).split('-')) expect(statusOf(code as ErrorCode, route.access)).toBe(Number(status));
      }
    }
  });
});

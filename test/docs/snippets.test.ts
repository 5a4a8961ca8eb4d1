import { join } from 'node:path';
import ts from 'typescript';
import { read, root } from '../package/support/repository';
import { blocksOf, PAGES } from './support/snippets';

/** What the snippets of README.md stand in, line by line. */
const [before, after] = read('rosetta/default.ts-fixture').split(/^.*\/\/\/ here.*$/m) as [string, string];

/** A block within what a page takes for given, its imports first, as a reader puts it into a stack of their own. One that exports is a module. */
function moduleOf(code: string): string {
  if (/^export /m.test(code)) return code;
  const imports = code.match(/^import [^;]+;$/gm) ?? [];
  return `${imports.join('\n')}\n${before}${code.replace(/^import [^;]+;$/gm, '')}${after}`;
}

/** What says beside it that it needs a later CDK than the floor of the peer range. */
const ofNewestCdk = (code: string) => (code.includes('CloudFormationValidatePlugin') ? code.replace("'aws-cdk-lib'", "'aws-cdk-lib-newest'") : code);

const snippets = PAGES.flatMap((page) => blocksOf(page).filter(({ language }) => language === 'ts')
  .map(({ text }, index) => ({ name: `${page}#${index + 1}`, text: ofNewestCdk(text) })));

/** Faults of all snippets by the compiler, a line each. */
function faultsOf(given: readonly { readonly name: string; readonly text: string }[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.dev.json'), ts.sys.readFile);
  const own = { noUnusedLocals: false, incremental: false, tsBuildInfoFile: undefined };
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, ...own }, root);
  const files = new Map(given.map(({ name, text }) => [join(root, 'test', 'docs', `${name.replace(/\W/g, '_')}.ts`), { name, text: moduleOf(text) }]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.readFile = (file) => files.get(file)?.text ?? readFile.call(host, file);
  host.getSourceFile = (file, version, ...rest) => {
    const snippet = files.get(file);
    return snippet ? ts.createSourceFile(file, snippet.text, version, true) : getSourceFile.call(host, file, version, ...rest);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([file, { name }]) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

test('every snippet of a page compiles as it stands, with the imports that it shows', () => {
  expect(snippets.filter(({ name }) => name.startsWith('README')).length).toBeGreaterThan(10);
  expect(snippets.filter(({ name }) => name.startsWith('docs/')).length).toBeGreaterThan(5);
  expect(faultsOf(snippets)).toEqual([]);
});

test('what a snippet does not import, it does not have', () => {
  const faults = faultsOf([{ name: 'a', text: "new AuthService(this, 'Auth');\n" }, { name: 'b', text: 'auth.grantAdminister(operators);\nconst one: string = 1;\n' }]);
  expect(faults).toEqual([expect.stringContaining("a: Cannot find name 'AuthService'"), expect.stringContaining("b: Type 'number' is not assignable to type 'string'")]);
});

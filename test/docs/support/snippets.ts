import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { transformSync } from 'esbuild';

const root = path.join(__dirname, '..', '..', '..');

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

/** A block of shell that sends HTTP requests. */
export interface Requests extends Block {
  /** What it takes over from such blocks above it in the page: their variables. */
  readonly before: string;
  /** The nearest snippet above it that makes a service. */
  readonly service: string;
}

/** Every page that a user reads, README first. */
export const PAGES: readonly string[] = [
  'README.md', 'CONTRIBUTING.md', 'SECURITY.md',
  ...['docs', 'examples'].flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules')).map((name) => path.join(folder, name))),
];

export const textOf = (page: string): string => readFileSync(path.join(root, page), 'utf8');

export function blocksOf(page: string): Block[] {
  let heading = '';
  return [...textOf(page).matchAll(/^#+ (?<title>[^\n]+)$|^```(?<language>\w*)\n(?<text>.*?)^```$/gms)].flatMap(({ groups = {} }) => {
    if (groups.title !== undefined) {
      heading = groups.title;
      return [];
    }
    return [{ page, heading, language: groups.language!, text: groups.text! }];
  });
}

export const isShell = ({ language }: Block): boolean => ['', 'sh', 'bash', 'shell', 'console'].includes(language);
const isVariable = (line: string) => /^[A-Za-z_]\w*=/.test(line) && !line.includes('curl');

/** Blocks that call `curl`, with the settings that they stand beside. */
export function requestsOf(page: string): Requests[] {
  let service = "import { AuthService } from 'cdk-auth-service';\nnew AuthService(this, 'Auth');";
  const variables: string[] = [];
  return blocksOf(page).flatMap((block) => {
    if (block.language === 'ts' && /new AuthService\(/.test(block.text)) service = block.text;
    if (!isShell(block) || !/\bcurl\b/.test(block.text)) return [];
    const found = { ...block, service, before: variables.join('\n') };
    variables.push(...block.text.split('\n').filter(isVariable));
    return [found];
  });
}

/** The one block of a page that holds a text. */
export function snippetWith(page: string, text: string): string {
  const found = blocksOf(page).filter(({ language, text: code }) => language === 'ts' && code.includes(text));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} snippets with ${text}`);
  return found[0]!.text;
}

/** Runs a module and answers what it exports. `given` stands for names that it does not import. */
export function exportsOf<Exports>(code: string, given: Readonly<Record<string, unknown>> = {}): Exports {
  const module = { exports: {} as Exports };
  const { code: compiled } = transformSync(code, { loader: 'ts', format: 'cjs' });
  new Function('module', 'require', ...Object.keys(given), `{${compiled}}`)(module, require, ...Object.values(given));
  return module.exports;
}

/** Makes what a snippet of a page makes, as it is written there, in a stack. `given` has what rosetta/default.ts-fixture declares. */
export function makeInStack(stack: Stack, snippet: string, given: Readonly<Record<string, unknown>>): void {
  const imports = [...snippet.matchAll(/^import [^;]+;$/gm)].map(([text]) => text).join('\n');
  const body = snippet.replaceAll(/^import [^;]+;$/gm, '');
  exportsOf<{ build: () => void }>(`${imports}\nexport function build(this: unknown) {\n${body}\n}`, given).build.call(stack);
}

/** Synthesizes what a snippet of a page makes in a stack of its own. */
export function synthesizeSnippet(snippet: string, outdir: string): void {
  const stack = new Stack(new App({ outdir }), 'Snippet');
  const orders = new LambdaFunction(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => ({ statusCode: 200, body: "{}" });'),
  });
  makeInStack(stack, snippet, { orders });
  (stack.node.root as App).synth();
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './tools';

export const root = join(__dirname, '..', '..', '..');
export const cache = join(root, '.cache', 'languages');

/** Newest version that npm, PyPI and Maven Central all hold. */
export const CDK_VERSION = '2.271.0';
export const CONSTRUCTS_VERSION = '10.5.1';

/** Builds the packages of the given languages from the compiled library, as a release would. Answers with their folder. */
export function pack(name: string, targets: readonly string[], ...flags: string[]): string {
  if (!existsSync(join(root, '.jsii'))) throw new Error('the library is not compiled: run `npm test` or `npx jsii` first');
  const out = join(cache, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  run(join(root, 'node_modules', '.bin', 'jsii-pacmak'), ['--targets', ...targets, '--outdir', out, ...flags, root], { cwd: root });
  return out;
}

/** The only file under a folder whose path ends like this. */
export function onlyFile(folder: string, ending: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => `/${file.replaceAll('\\', '/')}`.endsWith(ending));
  if (found.length !== 1) throw new Error(`${folder} holds ${found.length} files that end with ${ending}, not one: ${found.join(', ')}`);
  return join(folder, found[0]!);
}

/** Synthesized templates by stack. */
export function templatesOf(outdir: string, stacks: readonly string[]): Record<string, Record<string, any>> {
  return Object.fromEntries(stacks.map((stack) => [stack, templateOf(outdir, stack)]));
}

/** A template without what may differ between languages: metadata. */
function templateOf(outdir: string, stack: string): Record<string, any> {
  const template = JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8'));
  delete template.Metadata;
  for (const resource of Object.values<any>(template.Resources)) delete resource.Metadata;
  return template;
}

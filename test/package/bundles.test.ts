import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesBelow, read, root } from './support/repository';

/** One bundle a function. A new function is added here, in src/contract/functions.ts and in lambda/handlers/. */
const FUNCTIONS = ['admin', 'authorizer', 'credentials', 'discovery', 'login', 'logout', 'profile', 'refresh', 'register', 'rotate-keys'];

/** What the others load only when they need it. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { credentials: ['bcryptjs.js'], login: ['bcryptjs.js'], register: ['bcryptjs.js'] };

const KB = 1024;
const budgetOf = (name: string): number => (name === 'authorizer' ? 80 * KB : 300 * KB);

function foldersIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

const bundler = join(root, 'scripts', 'bundle.mjs');

describe('bundles', () => {
  test('there is a handler for each function, and a bundle for each handler', () => {
    expect(foldersIn('lambda/handlers')).toEqual(FUNCTIONS);
    expect(foldersIn('assets')).toEqual([...FUNCTIONS, 'local'].sort());
  });

  test('the local instance is one file, and so is the process that runs a function', () => {
    expect(filesBelow('assets/local')).toEqual(['assets/local/bootstrap.js', 'assets/local/cli.js']);
  });

  test.each(FUNCTIONS)('%s stays within its budget', (name) => {
    expect(filesBelow(`assets/${name}`)).toEqual([...BESIDE[name] ?? [], 'index.js'].map((file) => `assets/${name}/${file}`));
    expect(statSync(join(root, 'assets', name, 'index.js')).size).toBeLessThanOrEqual(budgetOf(name));
  });

  test.each(FUNCTIONS)('%s loads by itself and exports a handler', (name) => {
    const script = `const { handler } = require(${JSON.stringify(join(root, 'assets', name, 'index.js'))}); process.exit(typeof handler === 'function' ? 0 : 1)`;
    const env = { PATH: process.env.PATH, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
    // A missing setting may be refused when the module loads or at the first event; a missing module must not be.
    try {
      execFileSync(process.execPath, ['-e', script], { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
    } catch (error) {
      expect((error as { stderr: string }).stderr).not.toMatch(/Cannot find module|ERR_MODULE_NOT_FOUND|ReferenceError|SyntaxError/);
    }
  });

  test('no code for credentials that Lambda does not have', () => {
    const found = filesBelow('assets', (file) => !file.startsWith('assets/local/')).filter((file) => /fromSSO|credential_process|\.aws\/sso|169\.254\.169\.254/.test(read(file)));
    expect(found).toEqual([]);
  });
});

describe('determinism', () => {
  const folders: string[] = [];
  const copy = (prefix: string): string => {
    const folder = mkdtempSync(join(tmpdir(), prefix));
    folders.push(folder);
    for (const name of ['lambda', 'local', 'src']) if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return folder;
  };
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const hashesIn = (folder: string): Record<string, string> => Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js')).sort()
      .map((file) => [file, createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')]));

  test('the bundles are the same in any directory, whatever lies around it', () => {
    // GIVEN two copies, one deeper than the other and below a tsconfig.json of its own
    const plain = copy('bundle-');
    const nested = join(copy('bundle-elsewhere-'), 'deep', 'er');
    mkdirSync(nested, { recursive: true });
    writeFileSync(join(nested, '..', 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'ES5', experimentalDecorators: true, useDefineForClassFields: false } }));
    for (const name of ['lambda', 'local', 'src', 'node_modules']) cpSync(join(plain, name), join(nested, name), { recursive: true, dereference: false, verbatimSymlinks: true });
    // WHEN
    for (const folder of [plain, nested]) execFileSync(process.execPath, [bundler, '--quiet', '--root', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    // THEN
    const hashes = hashesIn(join(plain, 'assets'));
    expect(Object.keys(hashes).length).toBeGreaterThan(0);
    expect(hashesIn(join(nested, 'assets'))).toEqual(hashes);
    // and they are what the package would ship
    expect(hashesIn(join(root, 'assets'))).toEqual(hashes);
  });
});

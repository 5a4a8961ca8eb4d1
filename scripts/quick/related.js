'use strict';
// Which test files a change can touch, by the graph of imports. jest's own --findRelatedTests knows only what lies below its roots.
const fs = require('node:fs');
const path = require('node:path');

const FOLDERS = ['src', 'lambda', 'local', 'scripts', 'bench', 'examples', 'test', 'projenrc'];
const SKIPPED = new Set(['node_modules', 'cdk.out']);
const CODE = /\.(ts|js|mjs)$/;

function codeBelow(root, folder) {
  const directory = path.join(root, folder);
  if (!fs.existsSync(directory)) return [];
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : codeBelow(root, file);
    return CODE.test(entry.name) ? [file] : [];
  });
}

/** The file that an import means, relative to the root; undefined for packages. */
function target(root, from, specifier) {
  const base = specifier === 'cdk-auth-service' ? path.join(root, 'src', 'index') : specifier.startsWith('.') ? path.resolve(root, path.dirname(from), specifier) : undefined;
  if (base === undefined) return undefined;
  const found = ['', '.ts', '.js', '.mjs', '/index.ts', '/index.js'].map((end) => base + end).find((file) => fs.existsSync(file) && fs.statSync(file).isFile());
  return found && path.relative(root, found);
}

/**
 * Test files by their distance from the changed files: 0 is a changed test, 1 imports a changed file, and so on. A file that nobody
 * imports (a document, a script that is run) touches the tests that name it: distance 1.
 */
exports.relatedTests = (root, changed) => {
  const files = FOLDERS.flatMap((folder) => codeBelow(root, folder));
  const importers = new Map();
  const texts = new Map(files.map((file) => [file, fs.readFileSync(path.join(root, file), 'utf8')]));
  for (const [file, text] of texts) {
    for (const [, specifier] of text.matchAll(/(?:from|import|require\()\s*\(?['"]([^'"]+)['"]/g)) {
      const imported = target(root, file, specifier);
      if (imported !== undefined) importers.set(imported, [...importers.get(imported) ?? [], file]);
    }
  }
  const distance = new Map();
  let front = [...new Set(changed)];
  for (let steps = 0; front.length > 0; steps += 1) {
    for (const file of front) distance.set(file, steps);
    const naming = steps === 0 ? front.flatMap((file) => namedIn(texts, file)) : [];
    front = [...new Set([...front.flatMap((file) => importers.get(file) ?? []), ...naming])].filter((file) => !distance.has(file));
  }
  return new Map([...distance].filter(([file]) => file.startsWith('test/') && file.endsWith('.test.ts') && fs.existsSync(path.join(root, file))));
};

/** Tests and their helpers that name the file, which is how they come to what they read or run. */
function namedIn(texts, file) {
  const name = path.basename(file);
  if (['index.ts', 'main.ts', 'app.ts', 'package.json'].includes(name)) return [];
  return [...texts].filter(([other, text]) => other !== file && other.startsWith('test/') && text.includes(`${name}'`)).map(([other]) => other);
}

'use strict';
// Finds the Node.js release that the toolchain and the functions run on, whatever Node started us. Plain JavaScript for
// any Node >= 18, no dependencies.
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

/** crypto.argon2, which hashes the passwords, exists from here on. */
const OLDEST = [24, 7];

function recentEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The binary that scripts/node24/package.json installed for this platform, or undefined. */
function installedBinary() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of [root, path.join(root, 'scripts', 'node24')]) {
    const candidate = path.join(folder, 'node_modules', `node-${platform}-${process.arch}`, 'bin', file);
    if (fs.existsSync(candidate)) return candidate;
  }
  return undefined;
}

/** Path of a Node.js >= 24.7. Throws one clear line if there is none. */
function findNode24() {
  const binary = installedBinary();
  if (binary) return binary;
  if (recentEnough(process.versions.node)) return process.execPath;
  throw new Error(
    `Node.js >= ${OLDEST.join('.')} is needed (this is ${process.version}) and no prebuilt one is installed for ` +
      `${process.platform}-${process.arch}: run 'npm ci', or start again with Node.js 24 on PATH`,
  );
}

/** The environment in which `node` is that binary and the project's tools are on PATH. */
function node24Environment(env = process.env) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [path.dirname(findNode24()), path.join(root, 'node_modules', '.bin'), env[key] ?? ''];
  return { ...env, [key]: folders.join(path.delimiter) };
}

module.exports = { root, findNode24, node24Environment };

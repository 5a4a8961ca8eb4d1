#!/usr/bin/env node
'use strict';
// Compiles src/ with jsii into lib/ and .jsii, unless they already come from these very sources.
const { spawnSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { root, findNode24, node24Environment } = require('./node24.js');

const stamp = path.join(root, '.cache', 'compiled-from');
const outputs = ['.jsii', 'lib/index.js', 'lib/index.d.ts'];

function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : [file];
  });
}

/** jsii also puts package.json and README.md into the assembly. */
function sources() {
  const files = [...filesBelow(path.join(root, 'src')).sort(), ...['package.json', 'package-lock.json', 'tsconfig.json', 'README.md'].map((name) => path.join(root, name))];
  const hash = crypto.createHash('sha256');
  for (const file of files) hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function upToDate(wanted) {
  if (!outputs.every((file) => fs.existsSync(path.join(root, file)))) return false;
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted;
}

/** Answers with the exit code of jsii. */
function compile({ force = false } = {}) {
  if (!fs.existsSync(path.join(root, 'src', 'index.ts'))) {
    console.error('src/index.ts is missing: nothing to compile');
    return 1;
  }
  const wanted = sources();
  if (!force && upToDate(wanted)) return 0;
  // What was removed from src/ must not linger in the package.
  fs.rmSync(path.join(root, 'lib'), { recursive: true, force: true });
  fs.rmSync(stamp, { force: true });
  const jsii = require.resolve('jsii/bin/jsii', { paths: [root] });
  const result = spawnSync(findNode24(), [jsii, '--silence-warnings=reserved-word'], { cwd: root, env: node24Environment(), stdio: 'inherit' });
  if (result.status === 0) {
    fs.mkdirSync(path.dirname(stamp), { recursive: true });
    fs.writeFileSync(stamp, wanted);
  }
  return result.status ?? 1;
}

module.exports = { compile };

if (require.main === module) process.exitCode = compile({ force: process.argv.includes('--force') });

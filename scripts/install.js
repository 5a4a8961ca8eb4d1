#!/usr/bin/env node
'use strict';
// Runs `npm ci` when node_modules is missing or was installed from another lock file. Plain JavaScript for any
// Node >= 18, no dependencies: this is the first thing that runs on a bare clone.
const { spawnSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const stamp = path.join(root, 'node_modules', '.installed-from');

/**
 * What the installed tree depends on. Scripts and fields of package.json may change freely, so only the lock counts
 * (npm ci itself refuses a lock that does not fit package.json).
 */
function wanted() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  return `${crypto.createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

function installed() {
  try {
    return fs.readFileSync(stamp, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function ensureInstalled() {
  if (installed() === wanted()) return false;
  console.log('installing dependencies (npm ci) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // The optional package brings Node 24; development tools are needed whatever NODE_ENV says.
  const result = spawnSync(npm, ['ci', '--include=dev', '--include=optional', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) throw new Error('npm ci failed: see its output above');
  fs.writeFileSync(stamp, `${wanted()}\n`);
  return true;
}

module.exports = { ensureInstalled };

if (require.main === module) {
  try {
    if (!ensureInstalled()) console.log('dependencies are up to date');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

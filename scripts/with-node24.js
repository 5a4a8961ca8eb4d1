#!/usr/bin/env node
'use strict';
// node scripts/with-node24.js COMMAND [ARGS...]: installs what is missing, then runs COMMAND with Node 24 first on PATH.
const { spawnSync } = require('node:child_process');
const { ensureInstalled } = require('./install.js');
const { root, findNode24, node24Environment } = require('./node24.js');

function main([command, ...args]) {
  if (!command) throw new Error('usage: node scripts/with-node24.js COMMAND [ARGS...]');
  ensureInstalled();
  const file = command === 'node' ? findNode24() : command;
  const result = spawnSync(file, args, {
    cwd: process.cwd().startsWith(root) ? process.cwd() : root,
    env: node24Environment(),
    stdio: 'inherit',
    shell: process.platform === 'win32' && file === command,
  });
  if (result.error) throw new Error(`cannot run ${command}: ${result.error.message}`);
  return result.status ?? 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

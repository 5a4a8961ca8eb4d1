#!/usr/bin/env node
'use strict';
// npm run demo [-- --once]: installs and builds what is missing, then runs scripts/demo/main.ts under Node 24.
const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ensureInstalled } = require('./install.js');
const { root, findNode24, node24Environment } = require('./node24.js');

const entry = path.join(root, 'scripts', 'demo', 'main.ts');

function build() {
  for (const args of [['scripts/bundle.mjs', '--quiet'], ['scripts/compile.js']]) {
    const { status } = spawnSync(findNode24(), args, { cwd: root, env: node24Environment(), stdio: 'inherit' });
    if (status !== 0) throw new Error(`the demo cannot start: ${args[0]} failed, see above`);
  }
}

function main() {
  if (!fs.existsSync(entry)) throw new Error(`the demo is missing: ${path.relative(root, entry)} does not exist`);
  ensureInstalled();
  console.log('building ...');
  build();
  const child = spawn(findNode24(), ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', entry, ...process.argv.slice(2)], { cwd: root, env: node24Environment(), stdio: 'inherit' });
  // Ctrl-C reaches the child too, as it shares our terminal: wait for it to end its own children.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

#!/usr/bin/env node
'use strict';
// npm test, npm run test:quick: runs the stages of scripts/stages.js and closes with 'N passed, N failed, N skipped'.
// --quick: the suites of what changed, for the inner loop. --built: within `npm run build`, whose own steps bundle and compile.
// --stage NAME (repeatable): only these.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { ensureInstalled } = require('./install.js');
const { root, findNode24, node24Environment } = require('./node24.js');
const { stages } = require('./stages.js');

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    stage: { type: 'string', multiple: true },
  },
});

function selected(stage) {
  if (options.stage) return options.stage.includes(stage.name);
  if (options.quick) return stage.quick || stage.only === 'quick';
  if (options.built && stage.build) return false;
  return stage.only === undefined;
}

/** The file to start: the project's own tools are JavaScript, so no shell and no shim is needed. */
function resolveTool(name) {
  const folder = path.join(root, 'node_modules', name === 'tsc' ? 'typescript' : name);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
}

function run({ command: [tool, ...args], results, env = {} }, counts) {
  const file = results && path.join(root, results);
  if (file) fs.rmSync(file, { force: true });
  const script = tool === 'node' ? [] : [resolveTool(tool)];
  const output = file ? ['--json', `--outputFile=${file}`] : [];
  const { status, error } = spawnSync(findNode24(), [...script, ...args, ...output], {
    cwd: root,
    env: node24Environment({ ...process.env, ...env }),
    // jest prints its JSON on stdout too; what a person reads goes to stderr.
    stdio: ['ignore', file ? 'ignore' : 'inherit', 'inherit'],
  });
  if (error) console.error(error.message);
  if (file && fs.existsSync(file)) addCounts(JSON.parse(fs.readFileSync(file, 'utf8')), counts, status);
  else if (status !== 0) counts.failed += 1;
  return status === 0;
}

function addCounts(result, counts, status) {
  counts.passed += result.numPassedTests;
  // A suite that could not start has no failed test, yet it failed; so has a run that found no test at all.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  counts.failed += failed === 0 && status !== 0 ? 1 : failed;
  counts.skipped += result.numPendingTests + result.numTodoTests;
}

function main() {
  ensureInstalled();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const started = Date.now();
  for (const stage of stages.filter(selected)) {
    console.log(`\n== ${stage.name}`);
    const begun = Date.now();
    // Every command of a stage runs, so that one run shows all there is to mend.
    const commands = typeof stage.commands === 'function' ? stage.commands() : stage.commands;
    const ok = commands.map((command) => run(command, counts)).every(Boolean);
    console.log(`== ${stage.name}: ${ok ? 'ok' : 'FAILED'} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    if (!ok) failures.push(stage.name);
    if (!ok && stage.required) break;
  }
  console.log(`\n${failures.length === 0 ? 'every stage is ok' : `failed: ${failures.join(', ')}`} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

#!/usr/bin/env node
'use strict';
// npm test, npm run test:quick: runs the stages of scripts/stages.js and closes with 'N passed, N failed, N skipped'.
// --quick: the suites of what changed, for the inner loop. --built: within `npm run build`, whose own steps bundle and compile.
// --stage NAME (repeatable): only these.
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { ensureInstalled } = require('./install.js');
const { runInLanes } = require('./lanes.js');
const { root, findNode24, node24Environment } = require('./node24.js');
const { stages } = require('./stages.js');

/** Stages at a time, each with two processes at most: the functions wait as often as they work, so two cores are busy. */
const LANES = 2;

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

/** One command of a stage. @returns whether it went well */
async function run({ command: [tool, ...args], results, env = {} }, counts, alone) {
  const file = results && path.join(root, results);
  if (file) fs.rmSync(file, { force: true });
  const script = tool === 'node' ? [] : [resolveTool(tool)];
  const output = file ? ['--json', `--outputFile=${file}`] : [];
  const reporter = file && !alone ? [`--reporters=${path.join(__dirname, 'failures-reporter.js')}`] : [];
  const child = spawn(findNode24(), [...script, ...args, ...output, ...reporter], {
    cwd: root,
    env: node24Environment({ ...process.env, ...env }),
    // jest prints its JSON on stdout too; what a person reads goes to stderr. What other tools say is wanted when they fail.
    stdio: ['ignore', file ? 'ignore' : alone ? 'inherit' : 'pipe', file || alone ? 'inherit' : 'pipe'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const status = await new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', resolve);
  });
  if (status !== 0) process.stderr.write(Buffer.concat(said));
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

const secondsSince = (begun) => `${((Date.now() - begun) / 1000).toFixed(0)} s`;

/** Every command of a stage runs, so that one run shows all there is to mend. @returns whether all went well */
async function runStage(stage, counts, alone) {
  const begun = Date.now();
  console.log(`== ${stage.name} ...`);
  const commands = typeof stage.commands === 'function' ? stage.commands() : stage.commands;
  let ok = true;
  for (const command of commands) ok = await run(command, counts, alone) && ok;
  console.log(`== ${stage.name}: ${ok ? 'ok' : 'FAILED'} (${secondsSince(begun)})`);
  return ok;
}

/** Each synthesis leaves an assembly where temporary files go: gigabytes a run, which go with it. */
function temporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-auth-service-test-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
}

async function main() {
  ensureInstalled();
  temporaryFolder();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const begun = Date.now();
  const chosen = stages.filter(selected);
  const lanes = options.quick || chosen.length === 1 ? 1 : LANES;
  const { failed, notRun } = await runInLanes(chosen, lanes, (stage) => runStage(stage, counts, lanes === 1));
  if (notRun.length > 0) console.log(`\nnot run: ${notRun.join(', ')}`);
  console.log(`\n${failed.length === 0 ? 'every stage is ok' : `failed: ${failed.join(', ')}`} (${secondsSince(begun)})`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

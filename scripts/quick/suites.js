'use strict';
// The suites of `npm run test:quick`, read from git and from what jest remembers.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { choose } = require('./choose.js');
const { relatedTests } = require('./related.js');

/** Of all suites together: two at a time, so that with bundling and jest's own start it is less than two minutes. */
const BUDGET_SECONDS = 150;

/** @returns { run, left, changed } */
exports.quickSuites = (root) => {
  const changed = changedFiles(root);
  return { ...choose(relatedTests(root, changed), lastSeconds(root), BUDGET_SECONDS), changed };
};

/** What is not on main yet; on main itself what is not committed, else the last commit. */
function changedFiles(root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n').filter((line) => line !== '');
  const or = (first, second) => {
    try {
      return first();
    } catch {
      return second();
    }
  };
  const head = or(() => git('rev-parse', 'HEAD')[0], () => undefined);
  // Without git, an unpacked archive for example, nothing is known to have changed.
  if (head === undefined) return [];
  const base = or(() => git('merge-base', 'HEAD', 'origin/main')[0], () => or(() => git('merge-base', 'HEAD', 'main')[0], () => head));
  const untracked = git('ls-files', '--others', '--exclude-standard');
  const changed = [...git('diff', '--name-only', base), ...untracked];
  return changed.length > 0 ? changed : or(() => git('diff', '--name-only', 'HEAD~1', 'HEAD'), () => []);
}

/** jest keeps how long each suite took, to start the longest first. */
function lastSeconds(root) {
  const cache = path.join(root, '.cache', 'jest');
  const files = fs.existsSync(cache) ? fs.readdirSync(cache).filter((name) => name.startsWith('perf-cache-')) : [];
  const known = new Map();
  for (const name of files) {
    for (const [file, [, milliseconds]] of Object.entries(JSON.parse(fs.readFileSync(path.join(cache, name), 'utf8')))) {
      if (milliseconds > 0) known.set(path.relative(root, file), milliseconds / 1000);
    }
  }
  return (file) => known.get(file);
}

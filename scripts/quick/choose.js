'use strict';
// What `npm run test:quick` runs: what changed, the nearest first, as much as fits into its time.

/** Always: the laws that any change can break. */
exports.BASE = ['test/package/import-law.test.ts', 'test/package/file-length.test.ts', 'test/contract/stored-formats.test.ts'];

/** Need the compiled library, a running service, other registries or minutes: `npm test` runs them. */
const NOT_QUICK = /^test\/(package|service|languages|templates|examples|interleavings)\//;

/** Seconds of suites that run on a busy machine and have never run here. */
const GUESSES = [[/^test\/construct\/gates\//, 45], [/^test\/construct\//, 20], [/^test\/(contract|docs)\//, 10], [/./, 5]];

const guess = (file) => GUESSES.find(([pattern]) => pattern.test(file))[1];

/**
 * @param related distance by test file
 * @param secondsOf how long a suite took last time, or undefined
 * @param budget seconds of all suites together
 * @returns the suites to run, and those for which there is no time, with theirs
 */
exports.choose = (related, secondsOf, budget) => {
  const seconds = (file) => secondsOf(file) ?? guess(file);
  const wanted = [...related].filter(([file, distance]) => !exports.BASE.includes(file) && (distance === 0 || !NOT_QUICK.test(file)))
    .sort(([left, near], [right, far]) => near - far || seconds(left) - seconds(right) || left.localeCompare(right));
  const run = [...exports.BASE];
  const left = [];
  let spent = exports.BASE.reduce((total, file) => total + seconds(file), 0);
  for (const [file] of wanted) {
    if (spent + seconds(file) <= budget) {
      run.push(file);
      spent += seconds(file);
    } else {
      left.push({ file, seconds: seconds(file) });
    }
  }
  return { run, left };
};

'use strict';
// What `npm test` consists of, in the order in which the stages begin. A stage is a name, the commands it runs one after the other, and the stages
// that it needs. Add a suite to jest by putting a *.test.ts under test/; add a stage here only for what jest cannot do.

const { root } = require('./node24.js');
const { quickSuites } = require('./quick/suites.js');

/** jest, with its counts kept for the summary. */
const runOfJest = (name, ...args) => ({
  command: ['jest', '--ci', ...args],
  results: `.cache/jest-${name}.json`,
});

/** Instants at which calendars have edges. The usual one of every suite is in test/setup/instant.ts. */
const edges = [
  { name: 'year', AUTH_TEST_AT: '2026-12-31T23:10:00Z' },
  { name: 'leap-day', AUTH_TEST_AT: '2028-02-29T11:00:00Z' },
  // The Sunday before clocks go forward in Europe, seen from there.
  { name: 'summer-time', AUTH_TEST_AT: '2027-03-21T22:30:00Z', AUTH_TEST_TZ: 'Europe/Berlin' },
];

/**
 * `after`: stages that this one needs. `quick`: also part of `npm run test:quick`. `build`: already done when `npm run build` runs the tests.
 * Stages begin in this order: what waits for registries early, and last those that consist of many parts, so that no core is idle at the end.
 */
exports.stages = [
  { name: 'bundle', commands: [{ command: ['node', 'scripts/bundle.mjs'] }], quick: true, build: true },
  { name: 'compile', commands: [{ command: ['node', 'scripts/compile.js'] }], build: true },
  {
    name: 'type-check',
    commands: [
      { command: ['tsc', '-p', 'lambda'] },
      { command: ['tsc', '-p', 'local'] },
      { command: ['tsc', '-p', 'tsconfig.dev.json'] },
    ],
  },
  { name: 'lint', commands: [{ command: ['eslint', '--max-warnings=0', '--cache', '--cache-strategy=content', '--cache-location=.cache/eslint', '.'] }] },
  // The examples in README.md and in docstrings, compiled against the library; what is found ships for the other languages.
  { name: 'snippets', after: ['compile'], commands: [{ command: ['jsii-rosetta', 'extract', '--strict', '--compile', '.'] }] },
  {
    name: 'quick suites',
    after: ['bundle'],
    only: 'quick',
    // What changed, the nearest first, as much as fits: asked for when the stage begins.
    commands: () => {
      const { run, left, changed } = quickSuites(root);
      console.log(`${changed.length} changed files, ${run.length} suites`);
      if (left.length > 0) {
        const minutes = Math.ceil(left.reduce((total, { seconds }) => total + seconds, 0) / 60);
        console.log(`no time for ${left.length} more that the change can touch (about ${minutes} min; npm test runs them):\n  ${left.map(({ file }) => file).join('\n  ')}`);
      }
      return [runOfJest('quick', '--runTestsByPath', ...run)];
    },
  },
  { name: 'suites', after: ['bundle', 'compile'], commands: [runOfJest('suites', '--testPathIgnorePatterns=/test/(package|service|languages|templates)/')] },
  // Whether what is generated is current, and what would ship.
  { name: 'package', after: ['bundle', 'snippets'], commands: [runOfJest('package', 'test/package')] },
  // Minutes: real packages beside the real CDK from their registries. Without python3 or mvn that language is skipped, except under CI.
  { name: 'languages', after: ['bundle', 'snippets'], commands: [runOfJest('languages', 'test/languages')] },
  // Whether the Guard rules find what they are for, and cfn-lint over every template, in a virtual environment of its own: without python3
  // that is skipped, except under CI.
  { name: 'templates', after: ['bundle'], commands: [runOfJest('templates', 'test/templates')] },
  { name: 'construct suites on the newest CDK', after: ['bundle'], commands: [{ ...runOfJest('newest', '--passWithNoTests', 'test/construct'), env: { AWS_CDK_LIB: 'newest' } }] },
  { name: 'service', after: ['bundle'], commands: [runOfJest('service', 'test/service')] },
  // The same cases once more, and those that the other front does not have.
  { name: 'service behind an HTTP API', after: ['bundle'], commands: [{ ...runOfJest('service-http', 'test/service'), env: { AUTH_FRONT: 'http' } }] },
  // What has schedules, expiries or a calendar, at instants where those have edges. The clocks of these suites run on by days.
  {
    name: 'edges of the calendar',
    after: ['bundle'],
    commands: edges.map(({ name, ...env }) => ({
      ...runOfJest(`edges-${name}`, 'test/service/(time|origin|keys-in-use)\\.test', 'test/local/services/rotation'),
      env: { ...env, AUTH_FRONT: 'http' },
    })),
  },
];

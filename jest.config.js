'use strict';

/** Dependencies published as ES modules only. */
const esModules = ['jose', 'memory-level', 'abstract-level'];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  maxWorkers: 2,
  cacheDirectory: '<rootDir>/.cache/jest',
  setupFiles: ['<rootDir>/test/setup/environment.js'],
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/test/setup/esbuild-transform.js' },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`, '/assets/', '/lib/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/examples/.*/cdk.out/', '<rootDir>/scripts/node24/'],
  haste: { enableSymlinks: false },
  watchman: false,
  testTimeout: 30000,
};

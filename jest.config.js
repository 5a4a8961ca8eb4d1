'use strict';

/** Dependencies published as ES modules only. */
const esModules = ['jose', 'memory-level', 'abstract-level'];

/** Built on the floor of the peer range; AWS_CDK_LIB=newest runs the same suites on the newest release. */
const cdk = process.env.AWS_CDK_LIB === 'newest' ? { '^aws-cdk-lib($|/.*)': 'aws-cdk-lib-newest$1' } : {};

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  maxWorkers: 2,
  cacheDirectory: '<rootDir>/.cache/jest',
  setupFiles: ['<rootDir>/test/setup/environment.js'],
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/test/setup/esbuild-transform.js' },
  // Examples import the library by its name: the suites see the sources, compiled or not.
  moduleNameMapper: { ...cdk, '^cdk-auth-service$': '<rootDir>/src/index.ts' },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`, '<rootDir>/assets/', '<rootDir>/lib/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/examples/.*/cdk.out/', '<rootDir>/scripts/node24/'],
  haste: { enableSymlinks: false },
  watchman: false,
  // A guard against what never ends, no measure of speed: a busy machine may take many times as long as a quiet one.
  testTimeout: 300_000,
};

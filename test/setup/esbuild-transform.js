'use strict';
// Compiles TypeScript (and ES modules of dependencies) for jest with esbuild: enums included, with source maps, without
// type-checking, which is a stage of its own. jest.mock() is not hoisted: this project passes test doubles as ports.
const crypto = require('node:crypto');
const fs = require('node:fs');
const esbuild = require('esbuild');

const self = fs.readFileSync(__filename);

module.exports = {
  canInstrument: false,

  getCacheKey(source, file) {
    return crypto.createHash('sha256').update(self).update(esbuild.version).update(file).update(source).digest('hex');
  },

  process(source, file) {
    const { code } = esbuild.transformSync(source, {
      loader: /\.[cm]?ts$/.test(file) ? 'ts' : 'js',
      format: 'cjs',
      target: 'node24',
      platform: 'node',
      // jest's modules have no import(): it becomes a require, as in the bundles.
      supported: { 'dynamic-import': false },
      sourcemap: 'inline',
      sourcesContent: false,
      sourcefile: file,
      tsconfigRaw: '{}',
    });
    return { code };
  },
};

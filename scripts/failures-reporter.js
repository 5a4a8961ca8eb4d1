'use strict';
// jest's reporter where several stages run at a time: nothing of a suite that passes but its warnings, and of one that fails all that helps to mend it.
const path = require('node:path');

module.exports = class FailuresReporter {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onTestResult({ path: file }, { failureMessage, console: lines = [] }) {
    const name = path.relative(this.rootDir, file);
    const said = lines.filter(({ type }) => type === 'warn' || type === 'error').map(({ message }) => `${name}: ${message}\n`);
    if (failureMessage) said.push(`FAIL ${name}\n${failureMessage}\n`);
    process.stderr.write(said.join(''));
  }
};

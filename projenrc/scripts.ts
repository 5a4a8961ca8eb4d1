import { Component } from 'projen';
import type { awscdk } from 'projen';
import { javascript } from 'projen';

/** What ships. An allow-list, because an ignore list forgets. */
const published = [
  'lib', 'assets', 'bin', '.jsii', '.jsii.tabl.json', 'API.md', 'CHANGELOG.md', 'SECURITY.md', 'THIRD-PARTY-NOTICES.txt',
  // What README links to. The threat model is a list of tests, which do not ship.
  'docs', '!docs/threat-model.md', 'examples', '!**/cdk.out', '!**/node_modules', '!**/*.map', '!**/*.tsbuildinfo',
];

/**
 * The commands of the repository. Each starts with plain JavaScript that runs on any Node >= 18, installs what is
 * missing and goes on under Node 24, so that all of them work on a bare clone.
 */
export class Scripts extends Component {
  public constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);

    const npmrc = new javascript.NpmConfig(project);
    // The lock file holds hashes, not addresses: it works behind any mirror.
    npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
    npmrc.addConfig('fund', 'false');
    npmrc.addConfig('audit', 'false');

    project.package.addField('files', published);
    // The library under its own name, for the examples; nothing inside it for anybody.
    project.package.addField('exports', { '.': './lib/index.js', './package.json': './package.json', './.jsii': './.jsii' });
    project.package.addField('workspaces', ['scripts/node24']);
    // jest's resolver: 1.13.0 lacks the binaries of most platforms, and npm then refuses its own lock file.
    project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

    const node24 = 'node scripts/with-node24.js';
    project.setScript('test', 'node scripts/test.js');
    project.setScript('test:quick', 'node scripts/test.js --quick');
    project.setScript('demo', 'node scripts/demo.js');
    project.setScript('bench', `${node24} node bench/all.ts`);
    project.setScript('explore', `${node24} jest --runInBand --testMatch "<rootDir>/test/interleavings/deep.ts"`);
    project.setScript('smoke:aws', `${node24} node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON scripts/smoke-aws/main.ts`);
    project.setScript('build', `${node24} projen build`);
    project.setScript('bundle', `${node24} node scripts/bundle.mjs`);
    project.setScript('openapi', `${node24} node scripts/openapi.mjs`);
    project.setScript('docs:administration', `${node24} node scripts/administration.mjs`);
    project.setScript('docs:limits', `${node24} node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON scripts/limits/generate.mjs`);
    project.setScript('docs:threat-model', `${node24} node scripts/threat-model/generate.mjs`);
    project.setScript('docs:settings', `${node24} node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON scripts/settings/generate.ts`);
    project.setScript('notices', `${node24} node scripts/notices.mjs`);
    project.setScript('projen', `${node24} projen`);
    project.setScript('package-all', `${node24} projen package-all`);

    project.preCompileTask.exec('node scripts/bundle.mjs');
    project.testTask.reset('node scripts/test.js --built');
    // Other languages only on request (`npm run package-all`) or in the workflows.
    project.packageTask.reset();
    const packageJs = project.tasks.tryFind('package:js');
    if (packageJs) project.packageTask.spawn(packageJs);
  }
}

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NodeVersions, PlannedFunction } from '../../local/lambda/node-versions';
import { inlineFunction, startApp, stopApps, temporaryDirectory } from './support/app';

afterAll(stopApps);

const OWN = Number(process.versions.node.split('.')[0]);
const PLATFORM = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** A folder that has these packages; each binary tells its version and is the running Node otherwise. */
function appWith(packages: Record<string, string>): string {
  const app = temporaryDirectory();
  for (const [name, version] of Object.entries(packages)) {
    const folder = path.join(app, 'node_modules', name);
    writeNode(path.join(folder, 'bin', 'node'), version);
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: PLATFORM, version }));
  }
  return app;
}

function writeNode(file: string, version: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nif [ "$1" = --version ]; then echo v${version}; else exec '${process.execPath}' "$@"; fi\n`);
  chmodSync(file, 0o755);
  return file;
}

const planned = (logicalId: string, major: number, exact = false): PlannedFunction => ({ logicalId, runtime: `nodejs${major}.x`, exact });
const plan = (versions: NodeVersions, ...functions: PlannedFunction[]) => versions.plan(functions);

test('GIVEN a service and a function of the consumer on two versions that are not here THEN one message lists both, with one command for both', () => {
  const missing = () => plan(new NodeVersions([appWith({})]), planned('Login', OWN + 2, true), planned('Logout', OWN + 2, true), planned('Worker', OWN - 8));
  expect(missing).toThrow([
    `functions of the app run on versions of Node.js that are not here (this is Node ${process.versions.node}):`,
    `  Node ${OWN - 8} for Worker`,
    `  Node ${OWN + 2} for Login, Logout`,
    `npm install -D node${OWN - 8}@npm:${PLATFORM}@${OWN - 8} node${OWN + 2}@npm:${PLATFORM}@${OWN + 2}, or start with --node ${OWN - 8}=PATH --node ${OWN + 2}=PATH`,
  ].join('\n'));
});

test('what the message tells to install is found, all at once, in the app or a parent of it', () => {
  const app = appWith({ [`node${OWN - 2}`]: `${OWN - 2}.1.0`, [`node${OWN + 2}`]: `${OWN + 2}.3.0` });
  const versions = new NodeVersions([path.join(app, 'packages', 'infra')]);
  plan(versions, planned('Login', OWN + 2, true), planned('Worker', OWN - 2), planned('Other', OWN));
  expect(versions.warnings).toEqual([]);
  expect([OWN - 2, OWN, OWN + 2].map((major) => versions.binaryFor(`nodejs${major}.x`, 'x'))).toEqual([
    path.join(app, 'node_modules', `node${OWN - 2}`, 'bin', 'node'), process.execPath, path.join(app, 'node_modules', `node${OWN + 2}`, 'bin', 'node'),
  ]);
});

test.each([[PLATFORM], ['node']])('the package %s under its own name is found too', (name) => {
  const versions = new NodeVersions([appWith({ [name]: `${OWN + 2}.0.0` })]);
  plan(versions, planned('Login', OWN + 2, true));
  expect(versions.binaryFor(`nodejs${OWN + 2}.x`, 'Login')).toContain(name);
});

describe('a function of the consumer on a version that is not here', () => {
  test('runs on the next newer one, with a warning that says how to have its own', () => {
    const versions = new NodeVersions([appWith({ node90: '90.0.0' })]);
    plan(versions, planned('Worker', OWN - 2), planned('Report', OWN - 2), planned('Login', OWN, true));
    expect(versions.binaryFor(`nodejs${OWN - 2}.x`, 'Worker')).toBe(process.execPath);
    expect(versions.warnings).toEqual([
      `Worker, Report (nodejs${OWN - 2}.x) run on Node ${OWN} here; for Node ${OWN - 2}: npm install -D node${OWN - 2}@npm:${PLATFORM}@${OWN - 2}, or start with --node ${OWN - 2}=PATH`,
    ]);
  });

  test('runs on one that is a little older when there is no newer one', () => {
    const versions = new NodeVersions([appWith({})]);
    plan(versions, planned('Worker', OWN + 2));
    expect(versions.warnings).toHaveLength(1);
    expect(() => plan(new NodeVersions([appWith({})]), planned('Worker', OWN + 4))).toThrow(`Node ${OWN + 4} for Worker`);
  });

  test('a function of the service does not', () => {
    expect(() => plan(new NodeVersions([appWith({})]), planned('Login', OWN - 2, true))).toThrow(`Node ${OWN - 2} for Login`);
  });
});

describe('--node MAJOR=PATH', () => {
  test('goes before everything that is found; the binary, its folder or the folder above', () => {
    const app = appWith({ node50: '50.1.0' });
    const binary = writeNode(path.join(temporaryDirectory(), 'fifty', 'bin', 'node'), '50.2.0');
    for (const place of [binary, path.dirname(binary), path.dirname(path.dirname(binary))]) {
      const versions = new NodeVersions([app], { 50: place });
      plan(versions, planned('Login', 50, true));
      expect(versions.binaryFor('nodejs50.x', 'Login')).toBe(binary);
    }
  });

  test('is refused when there is no such Node.js', () => {
    const folder = temporaryDirectory();
    writeFileSync(path.join(folder, 'text'), 'no program');
    expect(() => new NodeVersions([], { 22: path.join(folder, 'absent') })).toThrow('absent: there is no Node.js that runs; give the binary or the folder it is in');
    expect(() => new NodeVersions([], { 22: folder })).toThrow('there is no Node.js that runs');
    expect(() => new NodeVersions([], { 22: path.join(folder, 'text') })).toThrow('there is no Node.js that runs');
    expect(() => new NodeVersions([], { [OWN + 2]: process.execPath })).toThrow(`--node ${OWN + 2}=${process.execPath} is Node ${process.versions.node}`);
  });
});

describe('an app', () => {
  const old = inlineFunction('exports.handler = async () => process.version;', { Runtime: `nodejs${OWN - 2}.x` });
  const ofTheService = (major: number) => inlineFunction('exports.handler = async () => 1;', { Runtime: `nodejs${major}.x`, Environment: { Variables: { AUTH_SERVICE_NAME: 'shop' } } });

  test('starts with a function on a near version and warns of it', async () => {
    const instance = await startApp({ App: { Resources: { Worker: old } } });
    expect(instance.warnings).toEqual([expect.stringContaining(`Worker (nodejs${OWN - 2}.x) runs on Node ${OWN} here`)]);
    expect((await instance.invoke('Worker', {})).payload).toBe(process.version);
  });

  test('GIVEN a function of a later stack that cannot run THEN nothing is made of the first', async () => {
    const lines: string[] = [];
    const maker = inlineFunction('console.log("made"); exports.handler = async () => 1;');
    const thing = { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] } } };
    const second = { Login: ofTheService(OWN + 2), Batch: ofTheService(OWN - 4) };
    const first = { Maker: maker, Thing: thing, Worker: old };
    const start = startApp({ First: { Resources: first }, Second: { Resources: second } }, { listener: { log: ({ text }) => lines.push(text) } });
    await expect(start).rejects.toThrow(new RegExp(`Node ${OWN - 4} for Batch\\n {2}Node ${OWN - 2} for Worker\\n {2}Node ${OWN + 2} for Login\\n`));
    expect(lines).toEqual([]);
  });

  test('a runtime that is looked up, and a function whose condition is false, are understood', async () => {
    const instance = await startApp({
      App: {
        Mappings: { LatestNode: { 'us-east-1': { value: `nodejs${OWN}.x` } } },
        Conditions: { Never: { 'Fn::Equals': [1, 2] } },
        Resources: {
          Mapped: inlineFunction('exports.handler = async () => 1;', { Runtime: { 'Fn::FindInMap': ['LatestNode', { Ref: 'AWS::Region' }, 'value'] } }),
          Absent: { ...ofTheService(OWN + 2), Condition: 'Never' },
        },
      },
    });
    expect((await instance.invoke('Mapped', {})).payload).toBe(1);
  });
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, CDK_VERSION, CONSTRUCTS_VERSION, onlyFile, pack, root, templateOf } from './support/packages';
import { has, run } from './support/tools';

const here = __dirname;
const version = (require('../../package.json') as { version: string }).version;
const python = has('python3', '--version');
const java = has('mvn', '--version');

const fresh = (name: string): string => {
  const folder = join(cache, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};

describe('the packages of the other languages', () => {
  let reference: Record<string, any>;

  beforeAll(() => {
    // GIVEN the quick start, synthesized through the packed npm package beside the real aws-cdk-lib
    const dist = pack('js', ['js']);
    const app = fresh('typescript-app');
    writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true }));
    run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts',
      onlyFile(dist, '.tgz'), `aws-cdk-lib@${CDK_VERSION}`, `constructs@${CONSTRUCTS_VERSION}`], { cwd: app });
    const outdir = join(app, 'cdk.out');
    run(process.execPath, [join(here, 'typescript', 'app.js'), outdir], { cwd: app, env: { ...process.env, NODE_PATH: join(app, 'node_modules') } });
    reference = templateOf(outdir);
  }, 600_000);

  test('the reference is a whole service', () => {
    const types = Object.values<any>(reference.Resources).map((resource) => resource.Type);
    expect(types.filter((type) => type === 'AWS::DynamoDB::GlobalTable')).toHaveLength(5);
    expect(types).toContain('AWS::WAFv2::WebACL');
  });

  (python ? test : test.skip)('the Python wheel synthesizes the same template', () => {
    const dist = pack('python', ['python']);
    const venv = join(fresh('python-app'), 'venv');
    run('python3', ['-m', 'venv', venv]);
    const bin = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
    run(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', onlyFile(dist, '.whl'), `aws-cdk-lib==${CDK_VERSION}`, `constructs==${CONSTRUCTS_VERSION}`]);
    const outdir = join(cache, 'python-app', 'cdk.out');
    run(join(bin, 'python'), [join(here, 'python', 'app.py'), outdir]);
    expect(templateOf(outdir)).toEqual(reference);
  }, 900_000);

  (java ? test : test.skip)('the Java jar synthesizes the same template', () => {
    const dist = pack('java', ['java']);
    const target = fresh('java-app');
    const outdir = join(target, 'cdk.out');
    run('mvn', ['-q', '-B', '-f', join(here, 'java', 'pom.xml'), `-DbuildDirectory=${target}`,
      `-Dpacked.jar=${onlyFile(dist, `cdk-auth-service-${version}.jar`)}`, `-Dcdk.version=${CDK_VERSION}`,
      'compile', 'org.codehaus.mojo:exec-maven-plugin:3.5.0:java', '-Dexec.classpathScope=compile', '-Dexec.mainClass=quickstart.QuickstartApp', `-Dexec.args=${outdir}`], { cwd: root });
    expect(templateOf(outdir)).toEqual(reference);
  }, 900_000);

  test('Go and C# code is generated', () => {
    const dist = pack('generated', ['go', 'dotnet'], '--code-only');
    expect(onlyFile(join(dist, 'go'), '/AuthService.go')).toBeTruthy();
    expect(onlyFile(join(dist, 'dotnet'), '/AuthService.cs')).toBeTruthy();
  }, 300_000);
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, CDK_VERSION, CONSTRUCTS_VERSION, onlyFile, pack, root, templatesOf } from './support/packages';
import { has, run } from './support/tools';

const here = __dirname;
const version = (require('../../package.json') as { version: string }).version;
const python = has('python3', '--version');
const java = has('mvn', '--version');

/** The stacks of each language's app: those of a service, and that of the web ACL for CloudFront. */
const SERVICES = ['Quickstart', 'Production', 'Development', 'HighScale', 'Variants', 'Fronted'];
const STACKS = [...SERVICES, 'Edge'];

const fresh = (name: string): string => {
  const folder = join(cache, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};

describe('the packages of the other languages', () => {
  let reference: Record<string, Record<string, any>>;

  beforeAll(() => {
    // GIVEN the quick start, each preset and one of most variants, synthesized through the packed npm package beside the real aws-cdk-lib
    const dist = pack('js', ['js']);
    const app = fresh('typescript-app');
    writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true }));
    run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts',
      onlyFile(dist, '.tgz'), `aws-cdk-lib@${CDK_VERSION}`, `constructs@${CONSTRUCTS_VERSION}`], { cwd: app });
    const outdir = join(app, 'cdk.out');
    run(process.execPath, [join(here, 'typescript', 'app.js'), outdir], { cwd: app, env: { ...process.env, NODE_PATH: join(app, 'node_modules') } });
    reference = templatesOf(outdir, STACKS);
  }, 600_000);

  const typesOf = (stack: string) => Object.values<any>(reference[stack]!.Resources).map((resource) => resource.Type as string);

  test.each(SERVICES)('the reference is a whole service: %s', (stack) => {
    expect(typesOf(stack).filter((type) => type === 'AWS::DynamoDB::GlobalTable')).toHaveLength(5);
    expect(typesOf(stack === 'Fronted' ? 'Edge' : stack)).toContain('AWS::WAFv2::WebACL');
  });

  test('each service of the reference is what its props say', () => {
    expect(typesOf('Production').sort()).toEqual(typesOf('Quickstart').sort());
    expect(typesOf('Development')).not.toContain('AWS::CloudWatch::Alarm');
    expect(typesOf('HighScale')).toContain('AWS::ApplicationAutoScaling::ScalableTarget');
    expect(typesOf('Variants')).toEqual(expect.arrayContaining(['AWS::CloudWatch::AlarmMuteRule', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::WAFv2::IPSet']));
    expect(typesOf('Fronted')).toEqual(expect.arrayContaining(['AWS::ApiGatewayV2::Api', 'AWS::CloudFront::Distribution', 'AWS::Route53::RecordSet']));
    expect(typesOf('Fronted').filter((type) => type === 'AWS::KMS::Key')).toHaveLength(2);
  });

  (python ? test : test.skip)('the Python wheel synthesizes the same templates', () => {
    const dist = pack('python', ['python']);
    const venv = join(fresh('python-app'), 'venv');
    run('python3', ['-m', 'venv', venv]);
    const bin = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
    run(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', onlyFile(dist, '.whl'), `aws-cdk-lib==${CDK_VERSION}`, `constructs==${CONSTRUCTS_VERSION}`]);
    const outdir = join(cache, 'python-app', 'cdk.out');
    run(join(bin, 'python'), [join(here, 'python', 'app.py'), outdir]);
    expect(templatesOf(outdir, STACKS)).toEqual(reference);
  }, 900_000);

  (java ? test : test.skip)('the Java jar synthesizes the same templates', () => {
    const dist = pack('java', ['java']);
    const target = fresh('java-app');
    const outdir = join(target, 'cdk.out');
    run('mvn', ['-q', '-B', '-f', join(here, 'java', 'pom.xml'), `-DbuildDirectory=${target}`,
      `-Dpacked.jar=${onlyFile(dist, `cdk-auth-service-${version}.jar`)}`, `-Dcdk.version=${CDK_VERSION}`,
      'compile', 'org.codehaus.mojo:exec-maven-plugin:3.5.0:java', '-Dexec.classpathScope=compile', '-Dexec.mainClass=quickstart.QuickstartApp', `-Dexec.args=${outdir}`], { cwd: root });
    expect(templatesOf(outdir, STACKS)).toEqual(reference);
  }, 900_000);

  test('Go and C# code is generated', () => {
    const dist = pack('generated', ['go', 'dotnet'], '--code-only');
    expect(onlyFile(join(dist, 'go'), '/AuthService.go')).toBeTruthy();
    expect(onlyFile(join(dist, 'dotnet'), '/AuthService.cs')).toBeTruthy();
  });
});

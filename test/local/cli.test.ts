import { ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { assemblyOf, call, inlineFunction, lambdaUri, permission, stopApps, TemplateJson } from './support/app';

const root = path.join(__dirname, '..', '..');
const bundles = path.join(root, '.cache', 'local-cli', String(process.pid));


beforeAll(() => {
  mkdirSync(bundles, { recursive: true });
  for (const [entry, name] of [['local/cli.ts', 'cli.js'], ['local/worker/bootstrap.ts', 'bootstrap.js']] as const) {
    buildSync({
      absWorkingDir: root, entryPoints: [entry], outfile: path.join(bundles, name), bundle: true, platform: 'node', target: 'node24',
      format: 'cjs', mainFields: ['module', 'main'], tsconfigRaw: '{}', logLevel: 'error', external: ['level', 'classic-level'],
    });
  }
});

const running = new Set<ChildProcess>();
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await stopApps();
  rmSync(bundles, { recursive: true, force: true });
});

interface Cli {
  readonly child: ChildProcess;
  readonly output: () => { stdout: string; stderr: string };
  /** Resolves with the text once stdout holds it. */
  readonly says: (text: string) => Promise<string>;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Cli {
  const child = spawn(process.execPath, [path.join(bundles, 'cli.js'), ...args], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; resolve: (all: string) => void }[] = [];
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const { text, resolve } of waiting) if (stdout.includes(text)) resolve(stdout);
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => child.on('close', (code, signal) => {
    running.delete(child);
    resolve({ code, signal });
  }));
  return {
    child, exited,
    output: () => ({ stdout, stderr }),
    says: (text) => (stdout.includes(text) ? Promise.resolve(stdout) : new Promise((resolve) => waiting.push({ text, resolve }))),
  };
}

const template: TemplateJson = {
  Resources: {
    Hello: inlineFunction('exports.handler = async (event) => { console.log("hello \\u001b[31mred"); process.stdout.write(JSON.stringify({ event: "greeted", outcome: "success", who: "a\\nb" }) + "\\n"); return { statusCode: 200, body: String(process.pid) }; };'),
    HelloPermission: permission('Hello'),
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'hello' } },
    Path: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId: { Ref: 'Api' }, ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart: '{name}' } },
    Get: { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'Api' }, ResourceId: { Ref: 'Path' }, HttpMethod: 'GET', AuthorizationType: 'NONE', Integration: { Type: 'AWS_PROXY', Uri: lambdaUri('Hello') } } },
    Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'v1' } },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: {} }, Alarm2: { Type: 'AWS::CloudWatch::Alarm', Properties: {} },
  },
};

/** Whether a process is there; a zombie counts as gone. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Goes on when the process is gone: a kill is an order, and the kernel carries it out when it gets to it. */
async function gone(pid: number): Promise<void> {
  while (alive(pid)) await new Promise((resolve) => setImmediate(resolve));
}

const urlIn = (text: string, what: RegExp) => what.exec(text)![0];

test('GIVEN an app WHEN it starts THEN it prints its URLs and what it leaves out, one line a request, and Ctrl-C ends every child', async () => {
  const cli = start(['local', assemblyOf({ App: template }), '--port', '0']);
  const overview = await cli.says('Ctrl-C ends it.');
  expect(overview).toContain('REST API  hello');
  expect(overview).toContain('1 route');
  expect(overview).toContain('Not evaluated here:\n    AWS::CloudWatch::Alarm x 2');
  expect(overview).not.toContain('\u001b');
  const answer = await call(`${urlIn(overview, /http:\/\/localhost:\d+\/v1/)}/ada%1b`);
  const text = await cli.says('GET    /v1/ada%1b');
  expect(text).toMatch(/GET {4}\/v1\/ada%1b {2}200 {2}\d+ ms/);
  expect(text).toContain('audit  greeted success  who=a\\u000ab');
  expect(text).toContain('hello \\u001b[31mred');
  const worker = Number(answer.text);
  expect(alive(worker)).toBe(true);
  cli.child.kill('SIGINT');
  expect(await cli.exited).toEqual({ code: 0, signal: null });
  await gone(worker);
  expect(cli.output().stderr).toBe('');
});

test('GIVEN colours are asked for THEN the overview has them; with --json every line is a document', async () => {
  const assembly = assemblyOf({ App: template });
  const coloured = start(['local', assembly, '--port', '0'], { FORCE_COLOR: '1' });
  expect(await coloured.says('Ctrl-C ends it.')).toContain('\u001b[1m');
  coloured.child.kill('SIGTERM');
  expect((await coloured.exited).code).toBe(0);
  const json = start(['local', assembly, '--port', '0', '--json']);
  const first = JSON.parse((await json.says('\n')).split('\n')[0]!) as { kind: string; services: string };
  expect(first.kind).toBe('started');
  json.child.kill('SIGTERM');
  expect((await json.exited).code).toBe(0);
});

test('GIVEN --at THEN functions and log lines begin at that instant, whatever day it is here', async () => {
  const app = { Resources: { ...template.Resources as object, Hello: inlineFunction('exports.handler = async () => ({ statusCode: 200, body: new Date().toISOString() });') } };
  const cli = start(['local', assemblyOf({ App: app }), '--port', '0', '--at', '2028-02-29T23:00:00+01:00']);
  const text = await cli.says('Ctrl-C ends it.');
  const answer = await call(`${urlIn(text, /http:\/\/(?:127\.0\.0\.1|localhost):\d+\/v1/)}/x`);
  expect(answer.text).toMatch(/^2028-02-29T22:/);
  expect(await cli.says('GET')).toMatch(/^22:\d\d:\d\d  GET/m);
  cli.child.kill('SIGTERM');
  expect((await cli.exited).code).toBe(0);
});

test('GIVEN the instance is killed THEN its functions end too', async () => {
  const cli = start(['local', assemblyOf({ App: template }), '--port', '0']);
  const worker = Number((await call(`${urlIn(await cli.says('Ctrl-C ends it.'), /http:\/\/localhost:\d+\/v1/)}/x`)).text);
  cli.child.kill('SIGKILL');
  await cli.exited;
  await gone(worker);
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  for (const args of [['--version'], ['local', '--version']]) {
    const cli = start(args);
    expect([(await cli.exited).code, cli.output().stdout]).toEqual([0, `${version}\n`]);
  }
});

describe('one clear line and exit code 2', () => {
  const failure = async (...args: string[]) => {
    const cli = start(args);
    const { code } = await cli.exited;
    return { code, stderr: cli.output().stderr };
  };

  test('a port in use', async () => {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await failure('local', assemblyOf({ App: template }), '--port', String(port))).toEqual({ code: 2, stderr: `cdk-auth-service: port ${port} is in use: choose another with --port\n` });
    server.close();
  });

  test('a directory of data that another instance has; one that was killed has nothing', async () => {
    const data = path.join(bundles, 'data');
    const args = ['local', assemblyOf({ App: template }), '--port', '0', '--data', data];
    const first = start(args);
    await first.says('Ctrl-C ends it.');
    const refusal = await failure(...args);
    expect(refusal.code).toBe(2);
    expect(refusal.stderr).toMatch(new RegExp(`^cdk-auth-service: ${data} is in use by another local instance, process ${first.child.pid}, since .*Z: stop it, or choose another directory with --data\\n$`));
    first.child.kill('SIGKILL');
    await first.exited;
    const next = start(args);
    await next.says('Ctrl-C ends it.');
    next.child.kill('SIGTERM');
    expect((await next.exited).code).toBe(0);
  });

  test.each([
    [['local', '/nowhere'], '/nowhere does not exist: run "npx cdk synth" first'],
    [['local', '--port', 'x'], '--port must be a whole number from 0 to 65000, got x'],
    [['local', '--at', 'tomorrow'], '--at must be an instant such as 2027-02-28T23:50:00Z, got tomorrow'],
    [['local', '--at', '2027-02-28T23:50:00'], '--at must be an instant such as 2027-02-28T23:50:00Z, got 2027-02-28T23:50:00'],
    [['local', '--at', '2027-02-30T12:00:00Z'], '--at must be an instant such as 2027-02-28T23:50:00Z, got 2027-02-30T12:00:00Z'],
    [['local', '--nonsense'], "Unknown option '--nonsense'; there are: --stack, --port, --data, --parameter, --concurrency, --at, --node, --json, --version, --help"],
    [['local', '--node', '22'], '--node must be MAJOR=PATH, such as 22=/opt/node22, got 22'],
    [['lokal'], 'there is no command "lokal"; did you mean "cdk-auth-service local"?'],
  ])('%j', async (args, message) => {
    expect(await failure(...args)).toEqual({ code: 2, stderr: `cdk-auth-service: ${message}\n` });
  });

  test('a stack that is not there', async () => {
    expect((await failure('local', assemblyOf({ App: template }), '--stack', 'Other')).stderr).toBe('cdk-auth-service: no stack is called Other; there are: App\n');
  });
});

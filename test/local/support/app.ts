import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { LocalInstance, StartOptions, startInstance } from '../../../local/instance';
import { INSTANT } from '../../setup/instant';

const root = path.join(__dirname, '..', '..', '..');

const bootstrap = bundledBootstrap();

/** The worker as it is shipped, in a file named by its content, so that test processes do not disturb each other. */
function bundledBootstrap(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root, entryPoints: ['local/worker/bootstrap.ts'], write: false, outdir: '.',
    bundle: true, platform: 'node', target: 'node24', format: 'cjs', tsconfigRaw: '{}', logLevel: 'error',
  });
  const { contents, hash } = outputFiles[0]!;
  const file = path.join(root, '.cache', 'local-worker', `${hash.replaceAll(/[^A-Za-z0-9]/g, '')}.js`);
  if (existsSync(file)) return file;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, contents);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

export type TemplateJson = Record<string, unknown>;

const directories: string[] = [];
const instances: LocalInstance[] = [];

/** An empty directory that `stopApps` removes. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'local-app-'));
  directories.push(directory);
  return directory;
}

/** Writes a cloud assembly of hand-written templates, each stack after those before it. */
export function assemblyOf(stacks: Record<string, TemplateJson>): string {
  const directory = temporaryDirectory();
  const names = Object.keys(stacks);
  const artifacts = Object.fromEntries(names.map((name, index) => {
    writeFileSync(path.join(directory, `${name}.template.json`), JSON.stringify(stacks[name]));
    return [name, {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${name}.template.json`, stackName: name },
      dependencies: names.slice(0, index),
    }];
  }));
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ version: '53.0.0', artifacts }));
  return directory;
}

/** The clock of what ran last on a folder of data: time goes on while nothing runs, never back. */
const clocks = new Map<string, LocalInstance['clock']>();

export async function startApp(stacks: Record<string, TemplateJson> | string, options: Partial<StartOptions> = {}): Promise<LocalInstance> {
  const assembly = typeof stacks === 'string' ? stacks : assemblyOf(stacks);
  const { dataDir } = options;
  const at = dataDir === undefined ? INSTANT : clocks.get(dataDir)?.now() ?? INSTANT;
  const instance = await startInstance({ assembly, port: 0, bootstrap, at, ...options });
  if (dataDir !== undefined) clocks.set(dataDir, instance.clock);
  instances.push(instance);
  return instance;
}

/** For `afterAll`. */
export async function stopApps(): Promise<void> {
  await Promise.all(instances.splice(0).map((instance) => instance.stop()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** An inline function with its role-less minimum. */
export function inlineFunction(code: string, properties: Record<string, unknown> = {}): TemplateJson {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: `nodejs${process.versions.node.split('.')[0]}.x`, Handler: 'index.handler', Timeout: 10, MemorySize: 256,
      Role: 'arn:aws:iam::123456789012:role/test', Code: { ZipFile: code }, ...properties,
    },
  };
}

export function lambdaUri(functionId: string): unknown {
  return { 'Fn::Join': ['', ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/2015-03-31/functions/', { 'Fn::GetAtt': [functionId, 'Arn'] }, '/invocations']] };
}

export function permission(functionId: string): TemplateJson {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: { 'Fn::GetAtt': [functionId, 'Arn'] }, Principal: 'apigateway.amazonaws.com' },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly json: any;
}

export interface Call {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Source address on the loopback net. */
  readonly from?: string;
}

export function call(url: string, { method = 'GET', headers = {}, body, from }: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false, ...(from === undefined ? {} : { family: 4, localAddress: from }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let json: unknown;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

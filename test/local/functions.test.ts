import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assemblyOf, call, inlineFunction, startApp, stopApps, TemplateJson } from './support/app';
import { LocalInstance } from '../../local/instance';

afterAll(stopApps);

const template: TemplateJson = {
  Resources: {
    Report: inlineFunction(`let count = 0; const loadedAt = Date.now();
      exports.handler = async (event, context) => ({
        count: ++count, pid: process.pid, now: Date.now(), newNow: new Date().getTime(), text: Date(), loadedAt, remaining: context.getRemainingTimeInMillis(),
        arn: context.invokedFunctionArn, env: process.env, isDate: new Date(0) instanceof Date && new Date().constructor === Date, parsed: new Date('2020-01-01').getTime(),
        execArgv: process.execArgv, version: context.functionVersion,
      });`, { Environment: { Variables: { GREETING: { 'Fn::Sub': 'hello ${AWS::Region}' }, NUMBER: 5 } } }),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Report' } } },
    Live: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Report' }, FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] } } },
    Waits: inlineFunction('exports.handler = (event) => new Promise((resolve) => setTimeout(() => resolve({ pid: process.pid }), 200));'),
    Reserved: inlineFunction('exports.handler = () => new Promise((resolve) => setTimeout(() => resolve({ pid: process.pid }), 200));', { ReservedConcurrentExecutions: 1 }),
    Hangs: inlineFunction('exports.handler = () => new Promise(() => setInterval(() => {}, 1000));', { Timeout: 1 }),
    Spins: inlineFunction('exports.handler = () => { for (;;); };', { Timeout: 1 }),
    Works: inlineFunction(`exports.handler = async () => {
      const before = process.cpuUsage();
      for (let used = 0; used < 100_000; used = process.cpuUsage(before).user);
    };`),
    Dies: inlineFunction('exports.handler = async (event) => { if (event.die) process.exit(7); return process.pid; };'),
    Throws: inlineFunction('exports.handler = async () => { throw new TypeError("wrong"); };'),
    BadInit: inlineFunction('throw new RangeError("at import");'),
    NoHandler: inlineFunction('exports.other = 1;'),
    Callback: inlineFunction('exports.handler = (event, context, callback) => { setImmediate(() => callback(null, "by callback")); };'),
    Module: inlineFunction('import path from "node:path"; await Promise.resolve(); export const handler = async () => path.sep;'),
    Logs: inlineFunction(`exports.handler = async () => {
      console.log('plain %s', 'text');
      console.log(JSON.stringify({ _aws: { CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['D']], Metrics: [{ Name: 'Nested' }] }] }, D: 'd', Nested: 1 }));
      process.stdout.write(JSON.stringify({ event: 'login_failed', outcome: 'failure', _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['D']], Metrics: [{ Name: 'Direct', Unit: 'Count' }] }] }, D: 'd', Direct: 2 }) + '\\n');
      console.debug('too fine');
    };`, { LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' } }),
    Python: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.13', Handler: 'x.y', Role: 'arn:aws:iam::1:role/x', Code: { ZipFile: 'x' } } },
  },
};

let instance: LocalInstance;
beforeAll(async () => {
  instance = await startApp({ Functions: template });
});

test('environment, memory, ARN of the alias, and a warm second call', async () => {
  const first = await instance.invoke<any>('Report', {}, { qualifier: 'live' });
  const second = await instance.invoke<any>('Report', {}, { qualifier: 'live' });
  const endpoint = instance.servicesUrl.replace('localhost', '127.0.0.1');
  expect(first.payload.env).toMatchObject({
    GREETING: 'hello us-east-1', NUMBER: '5', AWS_REGION: 'us-east-1', AUTH_SERVICE_LOCAL: '1', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_DYNAMODB: endpoint, _HANDLER: 'index.handler',
  });
  expect(first.payload.env.AWS_ACCESS_KEY_ID).toMatch(/^LOCAL[0-9A-F]{16}$/);
  expect(Object.keys(first.payload.env).filter((name) => name.startsWith('LOCAL_') || name === 'HOME')).toEqual([]);
  expect(first.payload.arn).toMatch(/^arn:aws:lambda:us-east-1:123456789012:function:Functions-Report-[A-Z0-9]{12}:live$/);
  expect(first.payload).toMatchObject({ version: '1', count: 1, isDate: true, parsed: 1577836800000, execArgv: ['--max-old-space-size=230'] });
  expect(second.payload).toMatchObject({ count: 2, pid: first.payload.pid });
});

test('the processor time of a function is what its invocations worked, not what they waited for', async () => {
  const processorMs = (id: string) => instance.functions.state().find(({ logicalId }) => logicalId === id)!.processorMs;
  expect(processorMs('Works')).toBe(0);
  for (let calls = 1; calls <= 2; calls += 1) {
    await instance.invoke('Works', {});
    expect(processorMs('Works')).toBeGreaterThanOrEqual(100 * calls);
  }
  await instance.invoke('Waits', {});
  // It waits for 200 ms.
  expect(processorMs('Waits')).toBeGreaterThan(0);
  expect(processorMs('Waits')).toBeLessThan(100);
});

test('recycling makes the next call cold', async () => {
  const before = await instance.invoke<any>('Report', {});
  instance.recycle('Report');
  const after = await instance.invoke<any>('Report', {});
  expect(after.payload.count).toBe(1);
  expect(after.payload.pid).not.toBe(before.payload.pid);
});

test('the clock of the instance and the skew of one function reach Date in every form, warm and cold', async () => {
  await instance.invoke('Report', {});
  instance.clock.advance(3_600_000);
  instance.clock.skew(instance.functions.configurations().find(({ logicalId }) => logicalId === 'Report')!.logicalId, 14_000);
  const skewedNow = () => instance.clock.now() + 14_000;
  const earliest = skewedNow();
  const warm = await instance.invoke<any>('Report', {});
  instance.recycle('Report');
  const beforeCold = skewedNow();
  const cold = await instance.invoke<any>('Report', {});
  const latest = skewedNow();
  for (const { payload } of [warm, cold]) {
    expect(payload.now).toBeGreaterThanOrEqual(earliest);
    expect(payload.newNow).toBeGreaterThanOrEqual(payload.now);
    expect(payload.newNow).toBeLessThanOrEqual(latest);
    // Date() as a function has whole seconds.
    expect(new Date(payload.text).getTime()).toBeGreaterThanOrEqual(Math.floor(payload.newNow / 1000) * 1000);
    expect(new Date(payload.text).getTime()).toBeLessThanOrEqual(latest);
    expect(payload.remaining).toBeGreaterThan(0);
    expect(payload.remaining).toBeLessThanOrEqual(10_000);
  }
  expect(cold.payload.loadedAt).toBeGreaterThanOrEqual(beforeCold);
  expect(cold.payload.loadedAt).toBeLessThanOrEqual(cold.payload.now);
  instance.clock.skew('Report', 0);
  instance.clock.reset();
});

test('one request at a time in a process; above the limit calls wait', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => instance.invoke<any>('Waits', {})));
  expect(new Set(answers.map(({ payload }) => payload.pid)).size).toBe(4);
});

test('reserved concurrency refuses what is above it', async () => {
  const results = await Promise.allSettled([instance.invoke('Reserved', {}), instance.invoke('Reserved', {})]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test.each([
  ['Hangs', 'Sandbox.Timedout', /Task timed out after 1\.00 seconds$/],
  ['Spins', 'Sandbox.Timedout', /Task timed out/],
  ['Throws', 'TypeError', /^wrong$/],
  ['BadInit', 'RangeError', /^at import$/],
  ['NoHandler', 'Runtime.HandlerNotFound', /index\.handler is undefined or not exported/],
])('%s fails as %s', async (name, errorType, message) => {
  const outcome = await instance.invoke<any>(name, {});
  expect(outcome.failed).toBe(true);
  expect(outcome.payload).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
});

test('a process that exits fails its call only', async () => {
  const dead = await instance.invoke<any>('Dies', { die: true });
  expect(dead.payload.errorType).toBe('Runtime.ExitError');
  expect((await instance.invoke('Dies', {})).failed).toBe(false);
});

test('callbacks and ES modules with top-level await', async () => {
  expect((await instance.invoke('Callback', {})).payload).toBe('by callback');
  expect((await instance.invoke('Module', {})).payload).toBe(path.sep);
});

test('JSON log format: only an embedded metric at the top level counts, and the level filters', async () => {
  await instance.invoke('Logs', {});
  const lines = instance.logs({ source: 'Logs' });
  expect(lines).toHaveLength(3);
  expect(lines[0]!.document).toMatchObject({ level: 'INFO', message: 'plain text' });
  expect(lines[1]!.metrics).toBeUndefined();
  expect(lines[2]!.metrics).toEqual([{ namespace: 'N', name: 'Direct', value: 2, unit: 'Count', dimensions: { D: 'd' } }]);
  expect(lines[2]!.audit).toMatchObject({ event: 'login_failed' });
});

test('the Lambda API: Invoke with qualifier and log tail, errors as AWS answers', async () => {
  const invoke = (name: string, query = '', headers = {}) => call(`${instance.servicesUrl}/2015-03-31/functions/${name}/invocations${query}`, { method: 'POST', body: '{}', headers });
  const { name } = instance.functions.configurations().find(({ logicalId }) => logicalId === 'Throws')!;
  const failed = await invoke(name, '', { 'x-amz-log-type': 'Tail' });
  expect([failed.status, failed.headers['x-amz-function-error'], failed.json.errorMessage]).toEqual([200, 'Unhandled', 'wrong']);
  expect(Buffer.from(String(failed.headers['x-amz-log-result']), 'base64').toString()).toContain('Invoke Error');
  expect((await invoke('nobody')).status).toBe(404);
  expect((await invoke(name, '?Qualifier=none')).headers['x-amzn-errortype']).toBe('ResourceNotFoundException');
  expect((await invoke(name, '', { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
});

test('what it cannot run is named', () => {
  expect(instance.notEvaluated).toEqual([{ type: 'AWS::Lambda::Function', logicalId: 'Python', part: 'runtime python3.13' }]);
});

test('code in an asset folder and in a zip file runs', async () => {
  const assembly = assemblyOf({
    Assets: {
      Resources: {
        Folder: inlineFunction('', { Code: { S3Bucket: { 'Fn::Sub': 'cdk-${AWS::AccountId}' }, S3Key: 'abc.zip' }, Handler: 'lib/main.run.now' }),
        Zipped: inlineFunction('', { Code: { S3Bucket: 'b', S3Key: 'def.zip' } }),
      },
    },
  });
  mkdirSync(path.join(assembly, 'asset.abc', 'lib'), { recursive: true });
  writeFileSync(path.join(assembly, 'asset.abc', 'lib', 'main.js'), 'exports.run = { now: async () => __filename };');
  writeFileSync(path.join(assembly, 'asset.def.zip'), storedZip('index.js', 'exports.handler = async () => "from a zip";'));
  writeFileSync(path.join(assembly, 'Assets.assets.json'), JSON.stringify({
    files: {
      abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: { here: { objectKey: 'abc.zip' } } },
      def: { source: { path: 'asset.def.zip', packaging: 'file' }, destinations: { here: { objectKey: 'def.zip' } } },
    },
  }));
  const manifest = path.join(assembly, 'manifest.json');
  const { artifacts, version } = require(manifest) as { artifacts: Record<string, unknown>; version: string };
  writeFileSync(manifest, JSON.stringify({ version, artifacts: { ...artifacts, 'Assets.assets': { type: 'cdk:asset-manifest', properties: { file: 'Assets.assets.json' } } } }));
  const app = await startApp(assembly);
  expect((await app.invoke('Folder', {})).payload).toBe(path.join(assembly, 'asset.abc', 'lib', 'main.js'));
  expect((await app.invoke('Zipped', {})).payload).toBe('from a zip');
});

/** A zip file with one stored entry; its checksum is not looked at. */
function storedZip(name: string, content: string): Buffer {
  const data = Buffer.from(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}

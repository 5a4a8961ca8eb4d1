import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { App as AppClass, Stack as StackClass } from 'aws-cdk-lib';
import type * as Instance from '../../local/instance';
import type * as Library from '../../src/index';
import { load, root } from './sources.ts';

const library = () => load<typeof Library>('./src/index.ts');

export interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
}

export interface BenchService {
  readonly instance: Instance.LocalInstance;
  post(route: string, body: object, headers?: Record<string, string>): Promise<Answer>;
  get(route: string, headers?: Record<string, string>): Promise<Answer>;
  /** What the process of a function finds in its environment. */
  environmentOf(logicalId: string): NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export type Props = (library: typeof Library) => Library.AuthServiceProps;

/** The construct with its defaults, without firewall and limits, which are not what is measured. Its AWS endpoints are in this process. */
export async function startService(props: Props = () => ({})): Promise<BenchService> {
  process.env.CDK_VALIDATION = 'false';
  process.env.JSII_DEPRECATED = 'quiet';
  const { App, Stack } = load<{ App: typeof AppClass; Stack: typeof StackClass }>('aws-cdk-lib');
  const { AuthApi, AuthService, Firewall } = library();
  const outdir = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const app = new App({ outdir });
  new AuthService(new Stack(app, 'Bench'), 'Auth', {
    firewall: Firewall.disabled(),
    api: AuthApi.rest({ throttle: { rateLimit: 100_000, burstLimit: 100_000 } }),
    abuse: { attemptsPerHour: 100, failedLoginsPerSource: 10_000, registrationsPerHour: 10_000 },
    ...props(library()),
  });
  app.synth();
  const { startInstance } = load<typeof Instance>('./local/instance.ts');
  const instance = await startInstance({ assembly: outdir, port: 0, concurrency: 1, bootstrap: path.join(root, 'assets', 'local', 'bootstrap.js') });
  const url = instance.url('AuthApi').replace(/\/$/, '');
  const send = async (method: string, route: string, headers: Record<string, string>, body?: object): Promise<Answer> => {
    const response = await fetch(`${url}${route}`, { method, headers: { 'content-type': 'application/json', ...headers }, ...body ? { body: JSON.stringify(body) } : {} });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) as Record<string, string> };
  };
  return {
    instance,
    post: (route, body, headers = {}) => send('POST', route, headers, body),
    get: (route, headers = {}) => send('GET', route, headers),
    environmentOf: (logicalId) => {
      const found = instance.functions.configurations().find((configuration) => configuration.logicalId.startsWith(logicalId))!;
      return {
        PATH: process.env.PATH, AWS_REGION: instance.region, AWS_ACCESS_KEY_ID: found.accessKeyId, AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_ENDPOINT_URL: instance.servicesUrl, AWS_LAMBDA_FUNCTION_NAME: found.name, ...found.environment,
      };
    },
    stop: async () => {
      await instance.stop();
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}

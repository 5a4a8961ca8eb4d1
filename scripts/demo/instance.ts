import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import * as readline from 'node:readline';
import { send } from './http.ts';
import type { Stage } from './journey.ts';

interface Api {
  readonly logicalId: string;
  readonly name: string;
  readonly urls: readonly string[];
}

interface Started {
  readonly apis: readonly Api[];
  /** URL of the AWS service endpoints and of `/_local/`. */
  readonly services: string;
}

/** The local instance as a user starts it: the published command in a process of its own. */
export class Instance {
  readonly started: Started;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, started: Started) {
    this.child = child;
    this.started = started;
  }

  static start(command: string, assembly: string, onRequest: (line: string) => void): Promise<Instance> {
    const child = spawn(process.execPath, [command, 'local', assembly, '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`the local instance ended with code ${code}`)));
      readline.createInterface({ input: child.stdout! }).on('line', (line) => {
        const event = JSON.parse(line) as { kind: string } & Record<string, any>;
        if (event.kind === 'started') resolve(new Instance(child, event as unknown as Started));
        if (event.kind === 'request') onRequest(`${event.method} ${event.path}  ${event.status}`);
      });
    });
  }

  url(name: string): string {
    const api = this.started.apis.find((candidate) => candidate.name === name || candidate.logicalId.startsWith(name));
    if (!api?.urls[0]) throw new Error(`there is no API ${name}, there are ${this.started.apis.map((one) => one.name).join(', ')}`);
    return api.urls[0].replace(/\/$/, '');
  }

  /** What the journey drives. */
  async stage(): Promise<Stage> {
    const { services } = this.started;
    const functions = (await send({ method: 'GET', url: `${services}/_local/functions` })).body as { logicalId: string; name: string }[];
    const admin = functions.find(({ logicalId }) => logicalId.startsWith('AuthFunctionsAdmin'));
    if (!admin) throw new Error(`there is no admin function among ${functions.map(({ logicalId }) => logicalId).join(', ')}`);
    return {
      auth: this.url('AuthApi'),
      orders: this.url('OrdersApi'),
      advance: async (seconds) => {
        await send({ method: 'POST', url: `${services}/_local/clock`, body: { advanceSeconds: seconds } });
      },
      rotateSigningKey: async () => {
        const request = { action: 'rotate-now', keyset: 'signing' };
        const answer = await send({ method: 'POST', url: `${services}/2015-03-31/functions/${admin.name}/invocations?Qualifier=live`, body: request });
        if (answer.headers['x-amz-function-error'] || answer.body?.ok !== true) throw new Error(`the admin function answered ${JSON.stringify(answer.body)}`);
        await this.audited('keys_rotated');
      },
    };
  }

  /** Waits for an audit event. */
  private async audited(event: string): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const logs = (await send({ method: 'GET', url: `${this.started.services}/_local/logs` })).body as { audit?: { event?: string } }[];
      if (logs.some((entry) => entry.audit?.event === event)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no audit event ${event} within 10 seconds`);
  }

  /** Ends the instance, which ends its functions. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.child.removeAllListeners('exit');
      this.child.once('exit', () => resolve());
      this.child.kill('SIGTERM');
    });
  }
}

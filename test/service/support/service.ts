import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { StackProps } from 'aws-cdk-lib';
import { App, Stack } from 'aws-cdk-lib';
import type { LocalInstance, StartOptions } from '../../../local/instance';
import type { RequestEntry } from '../../../local/report/journal';
import type { AuthServiceProps, ManagedFirewallOptions } from '../../../src';
import { AuthService, CloudFrontFirewall, Firewall } from '../../../src';
import { startApp, stopApps } from '../../local/support/app';
import type { Answer, CallOptions } from './client';
import { call, closeConnections } from './client';
import { apiOfFront, FRONT, NO_FIREWALL } from './front';

export const PASSWORD = 'glacier tulip marmot sonata 42';

/** Props for suites whose subject is neither the firewall nor the throttles of API Gateway: both are out of the way. */
export const UNTHROTTLED: AuthServiceProps = {
  firewall: NO_FIREWALL,
  api: apiOfFront({ throttle: { rateLimit: 100_000, burstLimit: 100_000 } }),
};

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly device_token: string;
}

/** A synthesized service that runs behind real sockets, driven as a client would. */
export class Service {
  private users = 0;

  constructor(readonly instance: LocalInstance, readonly url: string) {}

  call(method: string, route: string, options?: CallOptions): Promise<Answer> {
    return call(method, `${this.url}${route}`, options);
  }

  post(route: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('POST', route, { ...options, body });
  }

  /** An address that no test has used. */
  newEmail(): string {
    this.users += 1;
    return `user.${this.users}@example.com`;
  }

  /** Registers a new account, from an address of its own so that no limit of a source stands in the way. */
  async register(email = this.newEmail(), password = PASSWORD): Promise<{ email: string; uid: string }> {
    const answer = await this.post('/register', { email, password }, { from: this.newSource() });
    if (answer.status !== 201) throw new Error(`register answered ${answer.status} ${answer.text}`);
    return { email, uid: answer.body.sub };
  }

  async login(email: string, password = PASSWORD, options?: CallOptions): Promise<Tokens> {
    const answer = await this.post('/login', { email, password }, options);
    if (answer.status !== 200) throw new Error(`login answered ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** A new account with a session. */
  async newUser(): Promise<{ email: string; uid: string } & Tokens> {
    const user = await this.register();
    return { ...user, ...await this.login(user.email) };
  }

  refresh(token: string, options?: CallOptions): Promise<Answer> {
    return this.post('/token/refresh', { refresh_token: token }, options);
  }

  me(bearer: string): Promise<Answer> {
    return this.call('GET', '/me', { bearer });
  }

  /** Invokes the admin function. */
  async admin(event: object): Promise<any> {
    return (await this.instance.invoke('AuthFunctionsAdmin', event, { qualifier: 'live' })).payload;
  }

  /**
   * Moves the clock of everything: functions, tables' TTL, firewall, schedules. Forward only, as time does: a rotation that fell due meanwhile
   * has happened, and its keys are of that time.
   */
  advance(seconds: number): void {
    this.instance.clock.advance(seconds * 1000);
  }

  /** Requests so far as clients sent them, oldest first: not once more as CloudFront sent them on. */
  requests(after?: number): RequestEntry[] {
    return this.instance.requests(after).filter(({ via }) => via === undefined);
  }

  /** Audit events so far, oldest first. */
  audit(event?: string): Record<string, unknown>[] {
    return this.instance.logs().flatMap((entry) => (entry.audit && (event === undefined || entry.audit.event === event) ? [entry.audit] : []));
  }

  private sources = 0;

  /** An address of the loopback range that no call has come from. */
  newSource(): string {
    this.sources += 1;
    return `127.9.${Math.floor(this.sources / 250)}.${1 + (this.sources % 250)}`;
  }
}

const folders: string[] = [];

export interface ServiceOptions {
  readonly instance?: Partial<StartOptions>;
  readonly stack?: StackProps;
  /** Adds a consumer's own resources to the stack of the service. */
  readonly extend?: (stack: Stack, auth: AuthService) => void;
}

/** Starts a service with the firewall that each front has by default: of API Gateway's Region, or of CloudFront in a stack of another Region. */
export async function startGuarded(props: AuthServiceProps, limits: ManagedFirewallOptions = {}): Promise<Service> {
  if (FRONT === 'rest') return startService({ ...props, firewall: Firewall.managed(limits) });
  const account = '123456789012';
  return startService((stack) => {
    const global = new Stack(stack.node.root, 'Global', { env: { account, region: 'us-east-1' }, crossRegionReferences: true });
    const { webAclArn } = new CloudFrontFirewall(global, 'Firewall', { serviceName: 'guarded', ...limits });
    return { ...props, serviceName: 'guarded', firewall: Firewall.cloudFront(webAclArn) };
  }, { stack: { env: { account, region: 'eu-west-1' }, crossRegionReferences: true } });
}

/** Synthesizes a stack with one service and starts it. Props that need a scope get the stack. */
export async function startService(
  props: AuthServiceProps | ((stack: Stack) => AuthServiceProps) = UNTHROTTLED, options: ServiceOptions = {},
): Promise<Service> {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'service-'));
  folders.push(outdir);
  const app = new App({ outdir, treeMetadata: false });
  const stack = new Stack(app, 'Test', options.stack);
  const auth = new AuthService(stack, 'Auth', typeof props === 'function' ? props(stack) : props);
  options.extend?.(stack, auth);
  app.synth();
  const instance = await startApp(outdir, options.instance);
  // CloudFront where there is one, since what stands before an API is listed before it.
  return new Service(instance, instance.url('Auth'));
}

/** For `afterAll`. */
export async function stopServices(): Promise<void> {
  closeConnections();
  await stopApps();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

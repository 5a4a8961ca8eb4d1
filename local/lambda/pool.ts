import { ExecutionEnvironment, functionError } from './environment';
import { FunctionConfiguration, Invocation, Outcome, ThrottledError } from './types';

/** The processes of one version of one function: warm ones are used again, new ones start when all are busy, then calls wait. */
export class Pool {
  private readonly environments = new Set<ExecutionEnvironment>();
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly queue: ((environment: ExecutionEnvironment | undefined) => void)[] = [];
  private inFlight = 0;
  private stopped = false;

  constructor(
    private readonly configuration: FunctionConfiguration,
    private readonly limit: number,
    private readonly start: (onDeath: (environment: ExecutionEnvironment) => void) => ExecutionEnvironment,
  ) {}

  get size(): number {
    return this.environments.size;
  }

  get busy(): number {
    return this.inFlight;
  }

  async invoke(invocation: Invocation): Promise<Outcome> {
    const { reserved } = this.configuration;
    // Lambda does not queue synchronous calls above the reserved concurrency: it refuses them.
    if (reserved !== undefined && this.inFlight >= reserved) throw new ThrottledError();
    this.inFlight += 1;
    try {
      return await this.run(invocation);
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Ends all processes; those that are busy end after their invocation. The next calls are cold. */
  recycle(): void {
    for (const environment of this.environments) {
      environment.retired = true;
      if (this.idle.includes(environment)) environment.kill();
    }
    this.idle.length = 0;
  }

  stop(): void {
    this.stopped = true;
    for (const environment of this.environments) environment.kill();
    for (const waiting of this.queue.splice(0)) waiting(undefined);
  }

  private async run(invocation: Invocation): Promise<Outcome> {
    const environment = await this.acquire();
    if (!environment) {
      return { ok: false, payload: functionError('Runtime.ExitError', 'the local instance is stopping') };
    }
    const initError = await environment.initialised();
    if (initError !== undefined) {
      environment.kill();
      this.forget(environment);
      return { ok: false, payload: initError };
    }
    try {
      return await environment.invoke(invocation);
    } finally {
      this.release(environment);
    }
  }

  private acquire(): Promise<ExecutionEnvironment | undefined> {
    if (this.stopped) return Promise.resolve(undefined);
    const warm = this.takeIdle();
    if (warm) return Promise.resolve(warm);
    if (this.environments.size < this.limit) {
      const environment = this.start((dead) => this.forget(dead));
      this.environments.add(environment);
      return Promise.resolve(environment);
    }
    return new Promise((resolve) => this.queue.push(resolve));
  }

  private takeIdle(): ExecutionEnvironment | undefined {
    for (let environment = this.idle.pop(); environment; environment = this.idle.pop()) {
      if (!environment.isDead && !environment.retired) return environment;
    }
    return undefined;
  }

  private release(environment: ExecutionEnvironment): void {
    if (environment.isDead) return;
    if (environment.retired || this.stopped) {
      environment.kill();
      this.forget(environment);
      return;
    }
    const next = this.queue.shift();
    if (next) next(environment);
    else this.idle.push(environment);
  }

  private forget(environment: ExecutionEnvironment): void {
    if (!this.environments.delete(environment) || this.stopped) return;
    const at = this.idle.indexOf(environment);
    if (at >= 0) this.idle.splice(at, 1);
    const next = this.queue.shift();
    if (next) void this.acquire().then(next);
  }
}

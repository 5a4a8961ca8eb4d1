import { AsyncLocalStorage } from 'node:async_hooks';
import type { Randomness } from '../engine/random';

export type Service = 'dynamodb' | 'secretsmanager';

/** On whose behalf a function runs: what it asks of its surroundings goes to them. */
export interface Caller {
  readonly name: string;
  readonly randomness: Randomness;
  now(): number;
  /** `command` is the class of the SDK: `UpdateCommand`. */
  send(service: Service, command: string, input: unknown): Promise<unknown>;
  /** A password is about to be hashed, which is what an attacker wants for free. */
  hashing(password: string): void;
}

const callers = new AsyncLocalStorage<Caller>();

export function onBehalfOf<T>(caller: Caller, work: () => T): T {
  return callers.run(caller, work);
}

export function caller(): Caller {
  const current = callers.getStore();
  if (!current) throw new Error('a function of the service ran on behalf of nobody');
  return current;
}

import { MemoryRevocationStore, MemoryTables, Pause } from '../../../../../lambda/adapters/memory';
import { nodeCrypto } from '../../../../../lambda/adapters/node-crypto/crypto';
import { createKeyFactory } from '../../../../../lambda/adapters/jose/key-factory';
import { LookupSecret } from '../../../../../lambda/domain/lookup-secret';
import { RefreshKeyset, SigningKeyset } from '../../../../../lambda/domain/model';
import { OriginKeyset } from '../../../../../lambda/domain/origin-secret';
import { ensureFirstKeys, KeyOperationDeps, rotateKeys } from '../../../../../lambda/use-cases/rotate-keys';
import { AuditRecorder } from '../../../support/audit-recorder';
import { FakeDistribution } from '../../../support/fake-distribution';
import { FakeSecrets } from '../../../support/fake-secrets';
import { FixedClock } from '../../../support/fixed-clock';

export const SIGNING = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:signing-AbCdEf';
export const REFRESH = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:refresh-AbCdEf';
export const LOOKUP = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:lookup-AbCdEf';
export const ORIGIN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:origin-AbCdEf';
export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type Step = (typeof STEPS)[number];

export const NOW = Date.UTC(2026, 10, 1);

/** The process dies: no call takes effect any more. */
export class Crash extends Error {}

/** What CloudFormation makes the origin secret with. */
export const FIRST_ORIGIN_VALUE = 'First1'.repeat(11).slice(0, 64);

/** Secrets, published set, distribution and a clock; no key exists yet. */
export class KeyWorld {
  readonly clock = new FixedClock(NOW);
  readonly audit = new AuditRecorder();
  readonly secrets: FakeSecrets;
  readonly store: MemoryRevocationStore;
  readonly tables: MemoryTables;
  readonly distribution: FakeDistribution;
  readonly deps: KeyOperationDeps;
  writes = 0;
  private crashAfter = Infinity;

  constructor(pause: Pause = async () => undefined) {
    this.secrets = new FakeSecrets(pause);
    this.secrets.create(SIGNING);
    this.secrets.create(REFRESH);
    this.secrets.create(ORIGIN);
    this.secrets.create(LOOKUP);
    this.distribution = new FakeDistribution(pause, FIRST_ORIGIN_VALUE);
    this.tables = new MemoryTables(pause);
    this.store = new MemoryRevocationStore(this.tables);
    this.deps = {
      secrets: this.mortal(this.secrets, ['put', 'moveStage']),
      published: this.mortal(this.store, ['publish']),
      originHeader: this.mortal(this.distribution, ['send']),
      factory: createKeyFactory(),
      clock: this.clock,
      crypto: nodeCrypto,
      audit: this.audit,
      settings: { signingSecret: SIGNING, refreshSecret: REFRESH, lookupSecret: LOOKUP, originSecret: ORIGIN, algorithm: 'ES256', accessTokenTtl: 900, sessionTtl: 30 * 86400 },
    };
  }

  static async deployed(pause?: Pause): Promise<KeyWorld> {
    const world = new KeyWorld(pause);
    await world.secrets.put(ORIGIN, nodeCrypto.randomUuid(), JSON.stringify({ version: 1, active: FIRST_ORIGIN_VALUE }), ['AWSCURRENT']);
    await ensureFirstKeys(world.deps);
    return world;
  }

  /** Dies after so many more writes, until `revive`. */
  dieAfter(writes: number): void {
    this.writes = 0;
    this.crashAfter = writes;
  }

  revive(): void {
    this.crashAfter = Infinity;
  }

  step(step: string, token: string, secretId = SIGNING): Promise<void> {
    return rotateKeys(this.deps, { step, secretId, token });
  }

  async allSteps(token: string, secretId = SIGNING): Promise<void> {
    for (const step of STEPS) await this.step(step, token, secretId);
  }

  async rotate(secretId = SIGNING): Promise<void> {
    await this.allSteps(this.secrets.beginRotation(secretId), secretId);
  }

  signing(label?: string): SigningKeyset {
    return this.secrets.json(SIGNING, label);
  }

  refresh(label?: string): RefreshKeyset {
    return this.secrets.json(REFRESH, label);
  }

  lookup(): LookupSecret {
    return this.secrets.json(LOOKUP);
  }

  origin(label?: string): OriginKeyset {
    return this.secrets.json(ORIGIN, label);
  }

  publishedKids(): string[] {
    return this.tables.publishedKeys?.keys.map((key) => key.kid) ?? [];
  }

  /** A proxy whose calls fail once the process is dead; `writing` calls count. */
  private mortal<T extends object>(target: T, writing: readonly string[]): T {
    return new Proxy(target, {
      get: (object, name) => {
        const method: unknown = Reflect.get(object, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          this.live();
          const result: unknown = await method.apply(object, args);
          if (writing.includes(String(name))) this.writes += 1;
          this.live();
          return result;
        };
      },
    });
  }

  private live(): void {
    if (this.writes >= this.crashAfter) throw new Crash('the process died');
  }
}

/** What must hold whenever no rotation is under way. */
export function expectSettled(world: KeyWorld): void {
  for (const secretId of [SIGNING, REFRESH]) {
    expect(world.secrets.allWithLabel(secretId, 'AWSCURRENT')).toHaveLength(1);
    const pending = world.secrets.withLabel(secretId, 'AWSPENDING');
    if (pending !== undefined) expect(world.secrets.labels(secretId, pending)).toContain('AWSCURRENT');
  }
  const keyset = world.signing();
  const published = world.tables.publishedKeys!;
  expect(published.version).toBe(keyset.version);
  expect(published.keys.map(({ kid, state }) => `${state} ${kid}`)).toEqual([
    `active ${keyset.active.kid}`,
    `next ${keyset.next.kid}`,
    ...keyset.retired.map((key) => `retired ${key.kid}`),
  ]);
}

import { CancelRotateSecretCommand, GetSecretValueCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomUUID } from 'node:crypto';
import type { FaultSpec } from '../../local/services/types';
import type { KeysKind } from './support/keys';
import { logicalId, secretArn, secretsOf } from './support/keys';
import { labelsOf, settled, until } from './support/rotations';
import type { Service } from './support/service';
import { startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
type Step = (typeof STEPS)[number];
const ROTATOR = 'AuthFunctionsRotateKeys';

/** A rotation of one secret, driven step by step instead of by Secrets Manager. */
class ManualRotation {
  private constructor(private readonly service: Service, private readonly client: SecretsManagerClient, readonly arn: string, readonly token: string) {}

  /** Asks for a rotation whose first step fails: what is left is an empty version under AWSPENDING, as on AWS. */
  static async begin(service: Service, kind: KeysKind): Promise<ManualRotation> {
    const client = secretsOf(service);
    const arn = await secretArn(service, kind);
    await settled(client, arn);
    const failures = () => service.audit('keys_rotation_failed').length;
    const before = failures();
    const fault = service.instance.faults.add({ service: 'secretsmanager', caller: ROTATOR, effect: 'deny' });
    const { VersionId: token } = await client.send(new RotateSecretCommand({ SecretId: arn, ClientRequestToken: randomUUID() }));
    await until(() => failures() > before);
    service.instance.faults.remove(fault.id);
    return new ManualRotation(service, client, arn, token!);
  }

  /** The error's text, undefined after a success. */
  async step(step: string, token = this.token): Promise<string | undefined> {
    const event = { Step: step, SecretId: this.arn, ClientRequestToken: token, RotationToken: randomUUID() };
    const { failed, payload } = await this.service.instance.invoke<{ errorMessage?: string } | null>(ROTATOR, event);
    return failed ? payload?.errorMessage ?? 'failed' : undefined;
  }

  /** Until one fails, as Secrets Manager does. */
  async run(steps: readonly Step[] = STEPS): Promise<string | undefined> {
    for (const step of steps) {
      const error = await this.step(step);
      if (error !== undefined) return `${step}: ${error}`;
    }
    return undefined;
  }

  labels(): Promise<Record<string, string[]>> {
    return labelsOf(this.client, this.arn);
  }

  async current(): Promise<string> {
    return (await this.client.send(new GetSecretValueCommand({ SecretId: this.arn }))).SecretString!;
  }
}

interface Keys {
  /** In the order in which they came into use; the last is not in use yet where there is a `next`. */
  readonly ids: string[];
  readonly secrets: string[];
}

function keysOf(kind: KeysKind, json: string): Keys {
  const value = JSON.parse(json);
  if (kind === 'refresh') {
    const keys = [...value.keys].reverse();
    return { ids: keys.map(({ kv }) => kv), secrets: keys.map(({ key }) => key) };
  }
  const keys = [...[...value.retired].reverse(), value.active, value.next];
  return { ids: keys.map(({ kid }) => kid), secrets: keys.flatMap(({ privateJwk }) => (privateJwk ? [privateJwk.d] : [])) };
}

async function published(service: Service): Promise<string[]> {
  // What a process read a moment ago, it offers for a quarter of a minute.
  service.instance.recycle(logicalId(service, 'AuthFunctionsDiscovery'));
  return (await service.call('GET', '/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid).sort();
}

/** Exactly one rotation has happened since: every key is still there, one came, and verifiers know all that sign. */
async function expectRotatedOnce(service: Service, kind: KeysKind, rotation: ManualRotation, before: string): Promise<void> {
  const labels = await rotation.labels();
  expect(labels.AWSCURRENT).toHaveLength(1);
  expect(labels.AWSPENDING ?? []).toEqual([]);
  const [old, now] = [keysOf(kind, before), keysOf(kind, await rotation.current())];
  expect(now.ids.slice(0, -1)).toEqual(old.ids);
  expect(now.ids).toHaveLength(old.ids.length + 1);
  if (kind === 'signing') expect(await published(service)).toEqual([...now.ids].sort());
  const written = service.instance.logs().map(({ text }) => text).join('\n');
  for (const secret of now.secrets) expect(written.includes(secret)).toBe(false);
}

describe.each<[KeysKind]>([['signing'], ['refresh']])('T28 the rotation contract of the %s keys', (kind) => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } });
  });

  afterEach(() => service.instance.faults.remove());

  test('T28 KR-03 each step twice', async () => {
    const rotation = await ManualRotation.begin(service, kind);
    const before = await rotation.current();
    expect(await rotation.run(STEPS.flatMap((step) => [step, step]))).toBeUndefined();
    await expectRotatedOnce(service, kind, rotation, before);
    expect(await rotation.run()).toBeUndefined();
    await expectRotatedOnce(service, kind, rotation, before);
  });

  test('T28 KR-03 steps out of order: what comes too early fails and changes nothing, what comes again does nothing', async () => {
    const rotation = await ManualRotation.begin(service, kind);
    const before = await rotation.current();
    for (const step of ['finishSecret', 'setSecret'] as const) expect(await rotation.step(step)).toMatch(/pending version is empty/);
    // Secrets Manager tries a new schedule by this step alone, on a version that createSecret never filled.
    expect(await rotation.step('testSecret')).toBeUndefined();
    expect(await rotation.current()).toBe(before);
    expect((await rotation.labels()).AWSPENDING).toEqual([rotation.token]);
    expect(await rotation.run(['createSecret', 'testSecret', 'finishSecret'])).toBeUndefined();
    await expectRotatedOnce(service, kind, rotation, before);
    for (const step of [...STEPS].reverse()) expect([step, await rotation.step(step)]).toEqual([step, undefined]);
    await expectRotatedOnce(service, kind, rotation, before);
  });

  test('T28 KR-03 concurrent invocations of each step, and of all at once', async () => {
    const first = await ManualRotation.begin(service, kind);
    const before = await first.current();
    for (const step of STEPS) expect(await Promise.all(Array.from({ length: 6 }, () => first.step(step)))).toEqual(Array(6).fill(undefined));
    await expectRotatedOnce(service, kind, first, before);
    const second = await ManualRotation.begin(service, kind);
    const between = await second.current();
    // Some come before the version is filled: Secrets Manager repeats the rotation from its first step.
    await Promise.all(Array.from({ length: 4 }, () => STEPS.map((step) => second.step(step))).flat());
    expect(await second.run()).toBeUndefined();
    await expectRotatedOnce(service, kind, second, between);
  });

  test('T28 KR-03 a version that is not pending, a secret that does not rotate, an unknown step and a foreign secret are refused', async () => {
    const rotation = await ManualRotation.begin(service, kind);
    const before = await rotation.current();
    for (const step of STEPS) expect(await rotation.step(step, randomUUID())).toMatch(/not pending/);
    expect(await rotation.step('deleteSecret')).toMatch(/unknown step/);
    const foreign = await service.instance.invoke<{ errorMessage: string }>(ROTATOR, {
      Step: 'createSecret', SecretId: rotation.arn.replace(/.{6}$/, 'foreign'), ClientRequestToken: rotation.token, RotationToken: randomUUID(),
    });
    expect([foreign.failed, foreign.payload.errorMessage]).toEqual([true, expect.stringMatching(/not a secret of this service/)]);
    await secretsOf(service).send(new CancelRotateSecretCommand({ SecretId: rotation.arn }));
    for (const step of STEPS) expect(await rotation.step(step)).toMatch(/not enabled/);
    expect(await rotation.current()).toBe(before);
  });
});

describe.each<[KeysKind]>([['signing'], ['refresh']])('T28 crashes in a rotation of the %s keys', (kind) => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } });
  });

  /** From the k-th call on nothing is answered any more: the function is gone as far as AWS can tell. */
  const gone = (skip: number): FaultSpec => ({ caller: ROTATOR, skip, effect: 'deny' });

  test.each<[string, (k: number) => FaultSpec[]]>([
    ['before', (k) => [gone(k)]],
    ['after', (k) => [{ caller: ROTATOR, skip: k, times: 1, effect: 'commit-then-drop' }, gone(k)]],
  ])('T28 KR-05 a crash %s any call heals with the next run, and tokens are issued and verified all along', async (_when, faultsAt) => {
    const user = await service.newUser();
    let { refresh_token: token } = user;
    let crashes = 0;
    for (let k = 0; ; k += 1) {
      const rotation = await ManualRotation.begin(service, kind);
      const before = await rotation.current();
      const faults = faultsAt(k).map((spec) => service.instance.faults.add(spec));
      const error = await rotation.run();
      const applied = service.instance.faults.list().some((fault) => fault.applied > 0);
      for (const { id } of faults) service.instance.faults.remove(id);
      const refreshed = await service.refresh(token);
      expect([k, refreshed.status, (await service.me(refreshed.body.access_token)).status]).toEqual([k, 200, 200]);
      token = refreshed.body.refresh_token;
      if (error !== undefined) crashes += 1;
      expect([k, await rotation.run()]).toEqual([k, undefined]);
      await expectRotatedOnce(service, kind, rotation, before);
      if (!applied) break;
    }
    expect(crashes).toBeGreaterThan(8);
  });
});

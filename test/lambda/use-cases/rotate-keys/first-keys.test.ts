import { UnavailableError } from '../../../../lambda/domain/errors';
import { DeploymentAnswer } from '../../../../lambda/ports/deployment';
import { answerDeployment, DeploymentInput, ensureFirstKeys, retireKey } from '../../../../lambda/use-cases/rotate-keys';
import { seededPause } from '../../support/barrier';
import { expectSettled, KeyWorld, NOW, SIGNING } from './support/key-world';

describe('the first keys', () => {
  test('are made, stored and published', async () => {
    const world = new KeyWorld();
    await ensureFirstKeys(world.deps);
    expectSettled(world);
    expect(world.refresh().keys).toHaveLength(1);
    expect(world.signing()).toMatchObject({ v: 1, version: 1, retired: [] });
    expect(world.audit.events).toMatchObject(['lookup_secret', 'refresh_keys', 'signing_keys'].map((reason) => ({ event: 'keys_created', reason })));
  });

  test('stay as they are at every later deployment (ID-06)', async () => {
    const world = await KeyWorld.deployed();
    const keys = () => [world.signing(), world.refresh(), world.lookup(), world.tables.publishedKeys];
    const before = keys();
    world.dieAfter(1);
    await ensureFirstKeys(world.deps);
    expect(keys()).toEqual(before);
    expect(world.writes).toBe(0);
  });

  test('ID-07 the lookup secret is made once, and says whether the service counted without it before', async () => {
    const fresh = await KeyWorld.deployed();
    expect(fresh.lookup()).toEqual({ v: 1, key: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), createdAt: NOW });
    // AND an update of a service that has run without one
    const older = new KeyWorld();
    const { lookupSecret: _, ...settings } = older.deps.settings;
    await ensureFirstKeys({ ...older.deps, settings });
    expect(older.lookup()).toBeNull();
    await ensureFirstKeys(older.deps);
    const upgraded = older.lookup();
    expect(upgraded).toMatchObject({ unkeyedBefore: true });
    expect(upgraded.key).not.toBe(fresh.lookup().key);
    await ensureFirstKeys(older.deps);
    expect(older.lookup()).toEqual(upgraded);
  });

  test('a crash after each write heals at the second try, and a fresh service stays one', async () => {
    for (let write = 0; write <= 4; write += 1) {
      const world = new KeyWorld();
      world.dieAfter(write);
      await ensureFirstKeys(world.deps).catch(() => undefined);
      world.revive();
      await ensureFirstKeys(world.deps);
      expectSettled(world);
      expect(world.lookup().unkeyedBefore).toBeUndefined();
    }
  });

  test('two tries at once leave one keyset, published, in many interleavings', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const world = new KeyWorld(seededPause(seed, 12));
      await Promise.all([ensureFirstKeys(world.deps), ensureFirstKeys(world.deps)]);
      await ensureFirstKeys(world.deps);
      expectSettled(world);
    }
  });

  test('a retained secret is published in a new table', async () => {
    const world = await KeyWorld.deployed();
    await world.rotate();
    const keyset = world.signing();
    world.tables.publishedKeys = undefined;
    await ensureFirstKeys(world.deps);
    expect(world.signing()).toEqual(keyset);
    expectSettled(world);
  });

  test('a new secret beside a retained table gets a number that the table accepts', async () => {
    const world = await KeyWorld.deployed();
    for (let i = 0; i < 3; i += 1) await world.rotate();
    const old = world.tables.publishedKeys!;
    const fresh = new KeyWorld();
    fresh.tables.publishedKeys = old;
    await ensureFirstKeys(fresh.deps);
    expect(fresh.signing().version).toBeGreaterThan(old.version);
    expectSettled(fresh);
  });

  test('an older secret beside a newer table is renumbered', async () => {
    const world = await KeyWorld.deployed();
    const stranger = await KeyWorld.deployed();
    for (let i = 0; i < 3; i += 1) await stranger.rotate();
    world.tables.publishedKeys = stranger.tables.publishedKeys;
    const { active, next } = world.signing();
    await ensureFirstKeys(world.deps);
    expect(world.signing()).toMatchObject({ active: { kid: active.kid }, next: { kid: next.kid } });
    expectSettled(world);
  });

  test('a deployment in the middle of a rotation leaves it alone', async () => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    const token = world.secrets.beginRotation(SIGNING);
    await world.step('createSecret', token);
    await world.step('setSecret', token);
    await ensureFirstKeys(world.deps);
    await world.step('finishSecret', token);
    expect(world.signing().active.kid).toBe(before.next.kid);
    expectSettled(world);
  });

  test('a deployment after half an emergency completes it and brings no key back', async () => {
    const world = await KeyWorld.deployed();
    const { kid } = world.signing().active;
    world.dieAfter(2);
    await retireKey(world.deps, kid).catch(() => undefined);
    world.revive();
    await ensureFirstKeys(world.deps);
    expect(world.publishedKids()).not.toContain(kid);
    expectSettled(world);
  });
});

describe('the answer to CloudFormation', () => {
  const event: DeploymentInput = {
    requestType: 'Create',
    responseUrl: 'https://bucket.example.com/presigned?signature=secret',
    stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/app/1',
    requestId: 'request-1',
    logicalResourceId: 'FirstKeys',
  };
  const answers: { url: string; answer: DeploymentAnswer }[] = [];
  const errors: unknown[] = [];
  const log = { error: (...line: unknown[]) => void errors.push(line), warn: () => undefined, info: () => undefined, debug: () => undefined };
  const reporter = { report: async (url: string, answer: DeploymentAnswer) => void answers.push({ url, answer }) };
  const pauses: number[] = [];
  const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
  beforeEach(() => {
    answers.length = 0;
    pauses.length = 0;
    errors.length = 0;
  });

  test('create and update end with success once the keys are public', async () => {
    const world = new KeyWorld();
    await answerDeployment({ ...world.deps, reporter, log, pause }, event);
    expectSettled(world);
    const { physicalResourceId } = answers[0]!.answer;
    await answerDeployment({ ...world.deps, reporter, log, pause }, { ...event, requestType: 'Update', requestId: 'request-2', physicalResourceId });
    expect(answers).toEqual([
      { url: event.responseUrl, answer: { status: 'SUCCESS', physicalResourceId, stackId: event.stackId, requestId: 'request-1', logicalResourceId: 'FirstKeys' } },
      { url: event.responseUrl, answer: { status: 'SUCCESS', physicalResourceId, stackId: event.stackId, requestId: 'request-2', logicalResourceId: 'FirstKeys' } },
    ]);
  });

  test('delete does nothing', async () => {
    const world = await KeyWorld.deployed();
    const keyset = world.signing();
    await answerDeployment({ ...world.deps, reporter, log, pause }, { ...event, requestType: 'Delete', physicalResourceId: 'whatever-it-was' });
    expect(answers[0]!.answer).toMatchObject({ status: 'SUCCESS', physicalResourceId: 'whatever-it-was' });
    expect(world.signing()).toEqual(keyset);
    expect(world.publishedKids()).toHaveLength(2);
  });

  /** As AWS refuses a call. */
  const denial = (action: string) => Object.assign(
    new Error(`User: arn:aws:sts::123456789012:assumed-role/rotate/canary is not authorized to perform: ${action} on resource: arn:canary because no identity-based policy allows the ${action} action`),
    { name: 'AccessDeniedException' });

  /** Calls of one kind fail so many times, then work. */
  function failing(world: KeyWorld, port: 'secrets' | 'published', method: string, error: Error, times = Infinity): typeof world.deps {
    let left = times;
    const target = world.deps[port] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const failed = new Proxy(target, {
      get: (object, name) => {
        const call = object[name as string]!;
        if (name !== method) return call.bind(object);
        return (...args: unknown[]) => {
          if (left > 0) {
            left -= 1;
            return Promise.reject(new UnavailableError(port === 'secrets' ? 'secrets' : 'revocations', error));
          }
          return call.apply(object, args);
        };
      },
    });
    return { ...world.deps, [port]: failed };
  }

  const CALLS: readonly (readonly ['secrets' | 'published', string, string])[] = [
    ['secrets', 'read', 'secretsmanager:GetSecretValue'], ['secrets', 'put', 'secretsmanager:PutSecretValue'],
    ['published', 'readPublishedKeys', 'dynamodb:GetItem'], ['published', 'publish', 'dynamodb:PutItem'],
  ];

  test.each(CALLS)('a permission of %s.%s that is not there yet does not fail the deployment', async (port, method, action) => {
    for (const [error, times] of [[denial(action), 1], [denial(action), 4], [new Error('no route'), 3]] as const) {
      const world = new KeyWorld();
      pauses.length = 0;
      answers.length = 0;
      await answerDeployment({ ...failing(world, port, method, error, times), reporter, log, pause }, event);
      expect(answers[0]!.answer.status).toBe('SUCCESS');
      expect(pauses).toEqual([1000, 2000, 4000, 8000].slice(0, times));
      expectSettled(world);
    }
  });

  test.each(CALLS)('a permission of %s.%s that never comes fails it within a minute, and the reason names the action', async (port, method, action) => {
    const world = new KeyWorld();
    await answerDeployment({ ...failing(world, port, method, denial(action)), reporter, log, pause }, event);
    expect(answers[0]!.answer).toMatchObject({ status: 'FAILED', reason: expect.stringContaining(`the role of the rotate-keys function is denied ${action}`) });
    expect(JSON.stringify(answers)).not.toContain('canary');
    const waited = pauses.reduce((sum, one) => sum + one, 0);
    expect(waited).toBeGreaterThan(40_000);
    expect(waited).toBeLessThanOrEqual(50_000);
    expect(errors).toHaveLength(1);
  });

  test('calls that take long use up the patience too: the outcome is reported before the function ends', async () => {
    const world = new KeyWorld();
    const slow = failing(world, 'secrets', 'put', new Error('timed out'));
    const put = slow.secrets.put.bind(slow.secrets);
    let calls = 0;
    const secrets = new Proxy(slow.secrets, { get: (object, name) => (name !== 'put' ? Reflect.get(object, name) : async (...args: Parameters<typeof put>) => {
      calls += 1;
      world.clock.advance(15);
      return put(...args);
    }) });
    await answerDeployment({ ...slow, secrets, reporter, log, pause }, event);
    expect(answers[0]!.answer).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('secrets gave no answer') });
    expect(calls).toBe(4);
  });

  test('what no repetition would change fails the deployment at once, by fixed words', async () => {
    const world = new KeyWorld();
    const factory = { ...world.deps.factory, lookupKey: () => { throw new Error('canary'); } };
    await answerDeployment({ ...world.deps, factory, reporter, log, pause }, event);
    expect(answers[0]!.answer.status).toBe('FAILED');
    expect(JSON.stringify(answers)).not.toContain('canary');
    expect(pauses).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  test('an answer that cannot be delivered is an error of the function', async () => {
    const world = new KeyWorld();
    await expect(answerDeployment({ ...world.deps, reporter: { report: () => Promise.reject(new Error('no route')) }, log, pause }, event)).rejects.toThrow('no route');
  });
});

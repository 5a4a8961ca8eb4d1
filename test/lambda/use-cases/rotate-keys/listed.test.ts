import { KeyListError } from '../../../../lambda/domain/listed-keys';
import { ListedKey } from '../../../../lambda/domain/model';
import { DeploymentAnswer } from '../../../../lambda/ports/deployment';
import { answerDeployment, ensureFirstKeys, KeyListDeps, publishList, retireKey, rotateKeys } from '../../../../lambda/use-cases/rotate-keys';
import { seededPause } from '../../support/barrier';
import { KeyWorld, NOW, SIGNING } from './support/key-world';

const key = (kid: string): ListedKey => ({ kid, alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x: kid, y: 'y' } });

/** A world whose list of signing keys somebody else keeps. */
class ListedWorld extends KeyWorld {
  listed: ListedKey[] | KeyListError = [key('a')];

  get listDeps(): KeyListDeps {
    const { signingSecret: _, algorithm: __, ...settings } = this.deps.settings;
    return {
      ...this.deps, settings, keeper: 'existing-secret',
      list: {
        read: async () => {
          if (this.listed instanceof KeyListError) throw this.listed;
          return this.listed;
        },
      },
    };
  }

  get states(): string[] {
    return this.tables.publishedKeys?.keys.map(({ kid, state }) => `${state} ${kid}`) ?? [];
  }
}

const answers: DeploymentAnswer[] = [];
const pauses: number[] = [];
beforeEach(() => {
  answers.length = 0;
  pauses.length = 0;
});

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const around = {
  reporter: { report: async (_url: string, answer: DeploymentAnswer) => void answers.push(answer) },
  log: silent,
  pause: async (ms: number) => void pauses.push(ms),
};
const event = { requestType: 'Update' as const, responseUrl: 'https://bucket.example.com/', stackId: 'stack', requestId: 'request', logicalResourceId: 'FirstKeys' };

test('the first deployment publishes and does not wait: nobody verifies yet', async () => {
  const world = new ListedWorld();
  await answerDeployment({ ...world.listDeps, ...around }, { ...event, requestType: 'Create' });
  expect([world.states, answers[0]!.status, pauses]).toEqual([['active a'], 'SUCCESS', []]);
  expect(world.secrets.json(SIGNING)).toBeNull();
});

test('where all keys are new, the deployment ends when every verifier knows them; a second try waits for the rest', async () => {
  const world = await KeyWorld.deployed();
  const listed = Object.assign(new ListedWorld(), { tables: world.tables, store: world.store });
  const deps = { ...listed.listDeps, published: world.store, clock: world.clock, ...around };
  world.clock.advance(3600);
  await answerDeployment(deps, event);
  expect([answers[0]!.status, pauses]).toEqual(['SUCCESS', [60_000]]);
  world.clock.advance(20);
  await answerDeployment(deps, event);
  world.clock.advance(40);
  await answerDeployment(deps, event);
  expect(pauses).toEqual([60_000, 40_000]);
  // AND the keys of before verify on
  expect(world.tables.publishedKeys!.keys.map(({ state }) => state)).toEqual(['active', 'retired', 'retired']);
});

test('a key that is added makes nobody wait: the old one signs', async () => {
  const world = new ListedWorld();
  await ensureFirstKeys(world.listDeps);
  world.clock.advance(61);
  world.listed = [key('a'), key('b')];
  await answerDeployment({ ...world.listDeps, ...around }, event);
  expect([world.states, pauses]).toEqual([['active b', 'active a'], []]);
});

test('a list that is none fails the deployment with its own words, and leaves what is published', async () => {
  const world = new ListedWorld();
  await ensureFirstKeys(world.listDeps);
  world.listed = new KeyListError('key 1 of the secret has no private part, d');
  await answerDeployment({ ...world.listDeps, ...around }, event);
  expect(answers[0]).toMatchObject({ status: 'FAILED', reason: 'signingKeys: key 1 of the secret has no private part, d' });
  expect(world.states).toEqual(['active a']);
});

test('publications and retirements at once end in the list without the retired key, in many interleavings', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const world = new ListedWorld(seededPause(seed, 8));
    world.listed = [key('a'), key('b')];
    await publishList(world.listDeps);
    world.listed = [key('a'), key('b'), key('c')];
    await Promise.all([publishList(world.listDeps), retireKey(world.listDeps, 'b'), publishList(world.listDeps)]);
    expect([seed, world.states]).toEqual([seed, ['active c', 'active a']]);
    expect(await retireKey(world.listDeps, 'b')).toBe('retired_before');
  }
});

test('a crash after the write of a publication heals at the second try', async () => {
  const world = new ListedWorld();
  world.dieAfter(1);
  await expect(publishList(world.listDeps)).rejects.toThrow('the process died');
  world.revive();
  await publishList(world.listDeps);
  expect([world.states, world.tables.publishedKeys!.version]).toEqual([['active a'], 1]);
});

test('the last key is not retired, and no step of a rotation is for these keys', async () => {
  const world = new ListedWorld();
  await ensureFirstKeys(world.listDeps);
  expect(await retireKey(world.listDeps, 'a')).toBe('only_key');
  await expect(rotateKeys(world.listDeps, { step: 'createSecret', secretId: SIGNING, token: 't' })).rejects.toThrow('not a secret of this service');
});

test('KR-06 the key that signs is not retired while verifiers do not know the one that would follow', async () => {
  const world = new ListedWorld();
  await ensureFirstKeys(world.listDeps);
  world.clock.advance(3600);
  world.listed = [key('a'), key('b')];
  await publishList(world.listDeps);
  world.clock.advance(1);
  expect(await retireKey(world.listDeps, 'a')).toEqual({ tooSoon: 59 });
  expect(world.publishedKids()).toEqual(['b', 'a']);
  world.clock.advance(59);
  expect(await retireKey(world.listDeps, 'a')).toBe('retired');
});

test('a change of the keeper that is taken back: the rotating keys sign again, the others verify until their tokens have expired', async () => {
  const world = await KeyWorld.deployed();
  const own = world.signing();
  const listed = new ListedWorld();
  await publishList({ ...listed.listDeps, published: world.store, clock: world.clock });
  await ensureFirstKeys(world.deps);
  const published = world.tables.publishedKeys!;
  expect(published.keys.map(({ kid, state }) => `${state} ${kid}`)).toEqual([`active ${own.active.kid}`, `next ${own.next.kid}`, 'retired a']);
  expect(world.signing()).toMatchObject({ version: published.version, active: { kid: own.active.kid } });
  // WHEN a key of the keeper before is retired in an emergency
  expect(await retireKey(world.deps, 'a')).toBe('retired');
  await world.rotate();
  expect(world.publishedKids()).not.toContain('a');
  expect(world.tables.publishedKeys!.withdrawn).toEqual(['a']);
  expect(NOW).toBeLessThanOrEqual(world.clock.now());
});

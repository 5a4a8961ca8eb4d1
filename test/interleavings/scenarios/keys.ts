import { Violation } from '../engine/search';
import type { Tokens } from '../service/requests';
import { administer, firstKeys, login, refresh, register, rotationStep } from '../service/requests';
import type { Answer } from '../service/service';
import { deployed, isInconclusive } from '../service/service';
import { LOOKUP_SECRET, ACCESS_TOKEN_SECONDS, REFRESH_SECRET, SECOND, SIGNING_SECRET } from '../service/settings';
import { claimsOf, keyIdOf } from '../service/tokens';
import { OWNER, signedIn, type SignedIn } from './accounts';
import { withEach } from './faults';
import type { Client, Scene } from './scenario';
import { scenario } from './scenario';

/** How long a verifier goes by the set that it read, and by how much its clock may be behind. */
const CACHE = 60 * SECOND;
const LEEWAY = 30 * SECOND;
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

interface PublishedSet {
  readonly version: number;
  readonly at: number;
  /** Until when each key is in it. */
  readonly keys: ReadonlyMap<string, number>;
}

interface Seen {
  readonly sets: PublishedSet[];
  /** Keys that an administrator has asked to be refused. */
  readonly retired: string[];
  readonly retirements: Answer[];
}

const seen = (): Seen => ({ sets: [], retired: [], retirements: [] });

function published({ stores }: Scene): any {
  const item = stores.dynamodb.item('Revocations', 'KEYS#signing');
  return item && JSON.parse(String(item.set));
}

/** Every set that was ever published, and when. */
function observe(scene: Scene<any, Seen>): void {
  const set = published(scene);
  if (!set || scene.seen.sets.at(-1)?.version === set.version) return;
  scene.seen.sets.push({ version: set.version, at: scene.run.now, keys: new Map(set.keys.map((key: any) => [key.kid, key.removeAt ?? Infinity])) });
}

const counted = ({ seen: { sets, retired }, released }: Scene<any, Seen>): string =>
  [...sets.map(({ version, at }) => `${version} ${at}`), ...retired, ...released.map((token) => `${keyIdOf(token)} ${claimsOf(token).iat}`)].join();

/** Whatever was signed, every verifier knows its key until it has expired, also one that read the set a cache age ago. */
function checkVerifiers({ seen: { sets, retired }, released, run }: Scene<any, Seen>): void {
  for (const token of released) {
    const kid = keyIdOf(token);
    const signedAt = claimsOf(token).iat * SECOND;
    const expires = signedAt + ACCESS_TOKEN_SECONDS * SECOND + LEEWAY;
    if (retired.includes(kid) || expires < run.now) continue;
    sets.forEach(({ keys, at }, index) => {
      const until = sets[index + 1]?.at ?? Infinity;
      // Replaced before any cache that is asked now was filled.
      if (until <= signedAt - CACHE) return;
      const removed = keys.get(kid);
      if (removed === undefined) throw new Violation(`a token was signed by a key that ${at <= signedAt ? 'a verifier does not know yet' : 'the next set leaves out'}`);
      if (removed < expires) throw new Violation('a key leaves the set before a token that it signed expires');
    });
  }
}

const mayTick = (run: Scene['run']): boolean => ![...run.inFlight].some((actor) => actor.startsWith('signer'));

/** Signs in one container, whose caches grow old. */
const signs = (times: number) => async (client: Client, { tokens }: SignedIn): Promise<void> => {
  let current: Tokens = tokens;
  for (let time = 0; time < times; time += 1) {
    const answer = await client.ask(refresh(current));
    if (answer.status === 200) current = answer.body;
  }
};

/** One rotation as Secrets Manager goes about it: each step again until it succeeds. */
async function rotates(client: Client, { run, stores }: Scene): Promise<void> {
  const token = await run.step('Secrets Manager', { label: `begins rotation ${run.now}`, kind: 'read', touches: [`secret ${SIGNING_SECRET}`] }, () => {
    try {
      return stores.secrets.beginRotation(SIGNING_SECRET);
    } catch {
      return stores.secrets.withLabel(SIGNING_SECRET, 'AWSPENDING')!;
    }
  });
  for (const step of STEPS) {
    if (isInconclusive(await client.insist(2, rotationStep(step, SIGNING_SECRET, token)))) return;
  }
}

/** Refuses the key that signs now. */
async function retires(client: Client, scene: Scene<any, Seen>): Promise<void> {
  const kid = published(scene).keys[0].kid;
  scene.seen.retired.push(kid);
  const answer = await client.insist(2, administer('retire-key', { kid }));
  // Too soon after another one: nothing was changed. Not found is what a try without an answer has retired.
  if (answer.status === 400 && answer.body.code !== 'not_found') scene.seen.retired.pop();
  else scene.seen.retirements.push(answer);
}

/** What was answered with success is in no set and in no secret again. */
function checkRetired({ seen: { retired, retirements }, stores, ...scene }: Scene<any, Seen>): void {
  if (retirements.some(({ status }) => status !== 200)) return;
  const { active, next, retired: former } = stores.secrets.current(SIGNING_SECRET);
  const kept = [active, next, ...former].map((key) => key.kid);
  const { keys } = published({ stores, ...scene } as unknown as Scene);
  for (const kid of retired) {
    if (keys.some((key: any) => key.kid === kid)) throw new Violation('a key that was retired is published again');
    if (kept.includes(kid)) throw new Violation('a key that was retired is in the secret again');
  }
}

/** Beside a container that signs so many times. */
export const rotationBeside = (times: number) => scenario({
  name: `a rotation, beside a container that signs ${times === 1 ? 'once' : `${times} times`}, with caches growing old`,
  keysMove: true,
  ticks: [CACHE + SECOND],
  mayTick,
  given: signedIn,
  seen,
  observe,
  counted,
  clients: (scene) => ({
    rotation: (client) => rotates(client, scene),
    signer: (client) => signs(times)(client, scene.given),
  }),
  check: checkVerifiers,
});

/** A retirement of the key that signs, beside whatever of the two is asked for. */
export const retirement = (beside: { readonly rotation: boolean; readonly signer: boolean }) => scenario({
  name: `the key that signs is retired, beside ${[beside.rotation ? 'a rotation' : '', beside.signer ? 'a container that signs' : ''].filter((part) => part !== '').join(' and ')}`,
  keysMove: true,
  ...(beside.signer ? { ticks: [CACHE + SECOND], mayTick } : {}),
  given: signedIn,
  seen,
  observe,
  counted,
  clients: (scene): Readonly<Record<string, (client: Client) => Promise<void>>> => ({
    administrator: (client) => retires(client, scene),
    ...(beside.rotation ? { rotation: (client) => rotates(client, scene) } : {}),
    ...(beside.signer ? { signer: (client) => signs(1)(client, scene.given) } : {}),
  }),
  check: checkVerifiers,
  checkEnd: checkRetired,
});

const emergencies = scenario({
  name: 'the key that signs is retired, and then the one that took its place, beside a container that signs',
  keysMove: true,
  ticks: [CACHE + SECOND],
  mayTick,
  given: signedIn,
  seen,
  observe,
  counted,
  clients: (scene) => ({
    administrator: async (client) => {
      await retires(client, scene);
      await retires(client, scene);
    },
    signer: (client) => signs(1)(client, scene.given),
  }),
  check: checkVerifiers,
  checkEnd: checkRetired,
});

export const twoDeployments = scenario({
  name: 'two deployments make the first signing keys',
  keysMove: true,
  bare: true,
  given: async ({ stores }) => {
    const { secrets } = await deployed();
    for (const SecretId of [REFRESH_SECRET, LOOKUP_SECRET]) {
      const SecretString = JSON.stringify(secrets.current(SecretId));
      stores.secrets.execute('PutSecretValueCommand', { SecretId, ClientRequestToken: 'keys-of-the-deployment-0000000000', SecretString, VersionStages: [] });
    }
  },
  seen: () => ({ answers: [] as Answer[] }),
  clients: ({ seen: { answers } }) => Object.fromEntries(['one', 'other'].map((name) => [name, async (client: Client) => {
    answers.push(await client.insist(2, firstKeys()));
  }])),
  async checkEnd(scene) {
    // A deployment that failed is tried again; one that did not must leave a service that works, whatever else went on.
    if (!scene.seen.answers.some(({ status }) => status === 200)) return;
    const copy = scene.stores.copy();
    const at = scene.run.now;
    const { body } = await scene.service.now('afterwards', copy, at, register(OWNER));
    const opened = await scene.service.now('then', copy, at, login(OWNER));
    if (opened.status !== 200) throw new Violation(`after the first keys, ${body.sub} logs in and is answered ${opened.status}`);
    if (!published(scene).keys.some((key: any) => key.kid === keyIdOf(opened.body.access_token))) throw new Violation('a token was signed by a key that is not public');
  },
});

export const KEYS = [
  ...withEach(['death'], rotationBeside(1)),
  ...withEach(['death'], retirement({ rotation: false, signer: true })),
  emergencies,
  ...withEach(['death'], twoDeployments),
];

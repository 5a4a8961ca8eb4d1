import { Duration } from 'aws-cdk-lib';
import type { Counter } from '../../lambda/domain/attempts';
import { accountCounter, registrationCounter } from '../../lambda/domain/attempts';
import { AuthFunctionName } from '../../src';
import { counterKeys } from './support/counters';
import type { Journey, Run } from './support/fault-runs';
import { callSites, isRead, run, runAll } from './support/fault-runs';
import { FRONT, VERIFICATION } from './support/front';
import type { Service, Tokens } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';
import { Tables } from './support/tables';

const OTHER_PASSWORD = 'another horse battery staple 43';

let service: Service;
let tables: Tables;
let keyOf: (counter: Counter) => string;

/** Runs by journey, and what calls each of them makes. */
const runs = new Map<string, Run[]>();
const reads = new Map<string, number>();
const writes = new Map<string, number>();

async function go<T>(name: string, journey: Journey<T>): Promise<void> {
  // In a process that has no outages of another journey behind it.
  service.instance.recycle(service.instance.functions.configurations().find(({ logicalId }) => logicalId.startsWith(journey.caller))!.logicalId);
  const sites = await callSites(service, journey);
  reads.set(name, sites.filter(isRead).length);
  writes.set(name, sites.filter((site) => !isRead(site)).length);
  runs.set(name, await runAll(service, journey, sites));
}

const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));
const generation = (token: string) => Number(token.split('.')[3]);
const problem = (condition: boolean, text: string) => (condition ? [text] : []);

/** Reservations of a counter, of all hours. */
async function reservations(key: string): Promise<number> {
  // Of an account all hours lie in one item; of a source each hour has one.
  const items = (await tables.rows('Attempts')).filter((row) => row.key.split('.')[0] === key);
  return items.flatMap((item) => Object.entries(item)).reduce((sum, [name, value]) => sum + (/^(?:h\d+|n)$/.test(name) ? value : 0), 0);
}

/** No profile without its credential and the reverse; both tell the same version of the password. */
async function usersAreWhole(): Promise<string[]> {
  const rows = await tables.rows('Users');
  const profiles = new Map(rows.filter(({ sk }) => sk === 'PROFILE').map((row) => [row.uid, row]));
  const credentials = rows.filter(({ sk }) => sk === 'CREDENTIAL');
  return [
    ...problem(credentials.length !== profiles.size, `${profiles.size} profiles, ${credentials.length} credentials`),
    ...credentials.flatMap(({ pk, uid, pv }) => {
      const profile = profiles.get(uid);
      return problem(profile === undefined || pk !== `EMAIL#${profile.email}` || pv !== profile.pv, `${pk} and its profile differ`);
    }),
  ];
}

const user = async (uid: string) => {
  const rows = await tables.rows('Users');
  return { profile: rows.find((row) => row.sk === 'PROFILE' && row.uid === uid)!, credential: rows.find((row) => row.sk === 'CREDENTIAL' && row.uid === uid)! };
};
const session = async (sid: string) => (await tables.rows('Sessions')).find((row) => row.sid === sid);
const revocations = async (uid: string) => (await tables.rows('Revocations')).find((row) => row.key === `U#${uid}`) ?? {};

function registering(): Journey<{ email: string; from: string }> {
  return {
    caller: 'AuthFunctionsRegister',
    success: 201,
    // The account was made, its answer was lost for good: the address is taken, by the caller.
    afterEffect: 409,
    prepare: async () => ({ email: service.newEmail(), from: service.newSource() }),
    act: ({ email, from }) => service.post('/register', { email, password: PASSWORD }, { from }),
    invariants: usersAreWhole,
    settled: async ({ email, from }, answer, requests) => {
      const found = (await tables.rows('Users')).filter((row) => row.pk === `EMAIL#${email}`);
      const counted = await reservations(keyOf(registrationCounter(from)));
      return [
        ...await usersAreWhole(),
        ...problem(found.length !== 1, `${found.length} users of the address`),
        ...problem(answer.status === 201 && found[0]?.uid !== answer.body.sub, 'another user than was answered'),
        ...problem(counted < 1 || counted > requests, `${counted} reservations for ${requests} requests`),
      ];
    },
  };
}

function loggingIn(): Journey<{ email: string; uid: string }> {
  return {
    caller: 'AuthFunctionsLogin',
    success: 200,
    prepare: () => service.register(),
    act: ({ email }) => service.post('/login', { email, password: PASSWORD }),
    settled: async ({ email, uid }, { body }, requests) => {
      const counted = await reservations(keyOf(accountCounter(email)));
      const made = (await tables.rows('Sessions')).filter((row) => row.uid === uid).length;
      return [
        // The last one was right and gave its own back; what was left half done may hold one each.
        ...problem(counted < 0 || counted >= requests, `${counted} reservations for ${requests} requests`),
        ...problem(made < 1 || made > requests, `${made} sessions for ${requests} requests`),
        ...problem((await session(claims(body.access_token).sid))?.state !== 'live', 'the session is not there'),
      ];
    },
  };
}

/** One session lives through all of it. */
function refreshing(first: string): Journey<{ token: string }> {
  let token = first;
  return {
    caller: 'AuthFunctionsRefresh',
    success: 200,
    prepare: async () => ({ token }),
    act: (subject) => service.refresh(subject.token),
    settled: async (subject, { body }) => {
      token = body.refresh_token;
      const again = await service.refresh(subject.token);
      const stored = await session(token.split('.')[2]!);
      return [
        ...problem(generation(token) !== generation(subject.token) + 1, `${generation(subject.token)} was followed by ${generation(token)}`),
        ...problem(again.status !== 200 || again.body.refresh_token !== token, 'a repetition within the grace gave another successor'),
        ...problem(stored?.n !== generation(token) || stored?.state !== 'live', `the session stands at ${stored?.n}, ${stored?.state}`),
      ];
    },
  };
}

/** An ended session whose access tokens live is what the order of the two writes must prevent. */
async function endedMeansRevoked(uid: string, token: string): Promise<string[]> {
  const sid = token.split('.')[2]!;
  const revoked = (await revocations(uid))[`s#${sid}`] !== undefined;
  return problem((await session(sid))?.state === 'ended' && !revoked, 'the session is ended, its access tokens live');
}

async function isOver({ access_token: bearer, refresh_token: token }: Pick<Tokens, 'access_token' | 'refresh_token'>): Promise<string[]> {
  const refused = await service.refresh(token);
  const me = await service.me(bearer);
  return [
    ...problem(refused.status !== 401 || refused.body.code !== 'session_revoked', `a refresh afterwards answered ${refused.status} ${refused.text}`),
    ...problem(me.status !== 401, `the access token answered ${me.status} afterwards`),
  ];
}

type LoggedIn = Awaited<ReturnType<Service['newUser']>>;

function loggingOut(): Journey<LoggedIn> {
  return {
    caller: 'AuthFunctionsLogout',
    success: 204,
    prepare: () => service.newUser(),
    act: ({ refresh_token }) => service.post('/logout', { refresh_token }),
    invariants: ({ uid, refresh_token }) => endedMeansRevoked(uid, refresh_token),
    settled: isOver,
  };
}

function loggingOutEverywhere(): Journey<LoggedIn> {
  return {
    caller: 'AuthFunctionsLogout',
    success: 204,
    // The sessions ended, the caller's with them.
    afterEffect: 401,
    prepare: () => service.newUser(),
    act: ({ access_token }) => service.call('POST', '/logout/all', { bearer: access_token }),
    invariants: async ({ uid }) => {
      const { minSv = 0 } = await revocations(uid);
      const { sv } = (await user(uid)).profile;
      return problem(minSv !== 0 && minSv !== sv || minSv === 0 && sv !== 1, `session version ${sv}, least one ${minSv}`);
    },
    settled: isOver,
  };
}

function readingTheProfile(bearer: string): Journey<null> {
  return { caller: 'AuthFunctionsProfile', success: 200, prepare: async () => null, act: () => service.me(bearer) };
}

function authorizing(bearer: string): Journey<null> {
  return { ...readingTheProfile(bearer), caller: 'AuthFunctionsAuthorizer' };
}

function changingThePassword(): Journey<LoggedIn> {
  return {
    caller: 'AuthFunctionsCredentials',
    success: 200,
    // The password changed and ended the session that asked.
    afterEffect: 401,
    prepare: () => service.newUser(),
    act: ({ access_token: bearer }) => service.post('/me/password', { current_password: PASSWORD, new_password: OTHER_PASSWORD }, { bearer }),
    invariants: async ({ email, uid }, answer) => {
      const { profile, credential } = await user(uid);
      const { minSv = 1 } = await revocations(uid);
      const attempt = async (password: string) => (await service.post('/login', { email, password })).status;
      const outcomes = [await attempt(PASSWORD), await attempt(OTHER_PASSWORD)];
      const changed = outcomes[1] === 200;
      return [
        ...await usersAreWhole(),
        ...problem(outcomes.join() !== (changed ? '401,200' : '200,401'), `the old and the new password answer ${outcomes.join(' and ')}`),
        ...problem(credential.pv !== (changed ? 2 : 1), `version ${credential.pv} of the password`),
        ...problem(profile.sv !== (changed ? 2 : 1) || minSv !== profile.sv, `session version ${profile.sv}, least one ${minSv}`),
        ...problem(answer.status === 200 && !changed, 'answered 200 and changed nothing'),
      ];
    },
    settled: async (before, { status, body }) => {
      if (status === 401) return isOver(before);
      const me = await service.me(body.access_token);
      return [...await isOver(before), ...problem(me.status !== 200, `the new session answered ${me.status} ${me.text}`)];
    },
  };
}

beforeAll(async () => {
  // One process a function, so that every fault meets the request it is meant for.
  // Conflicts are tried for as long as a function has: not so long.
  const names = [AuthFunctionName.REGISTER, AuthFunctionName.LOGIN, AuthFunctionName.LOGOUT, AuthFunctionName.CREDENTIALS];
  const overrides = names.map((name) => ({ name, timeout: Duration.seconds(4) }));
  service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 }, functions: { overrides } }, { instance: { concurrency: 1 } });
  tables = new Tables(service);
  keyOf = await counterKeys(service);
  const session = await service.newUser();
  const { access_token: bearer } = session;
  await service.me(bearer);
  // At the same time only what does not need the functions that the others fail.
  await Promise.all([go('register', registering()), go('refresh', refreshing(session.refresh_token)), go('profile', readingTheProfile(bearer))]);
  await Promise.all([
    go('logout', loggingOut()).then(() => go('logout everywhere', loggingOutEverywhere())),
    go('password', changingThePassword()),
  ]);
  await Promise.all([go('login', loggingIn()), ...FRONT === 'rest' ? [go('authorizer', authorizing(bearer))] : []]);
});

afterAll(stopServices);

describe('DynamoDB fails at every call', () => {
  test.each<[string, number, number]>([
    ['register', 0, 2],
    ['login', 4, 3],
    ['refresh', 2, 1],
    ['logout', 1, 2],
    ['logout everywhere', VERIFICATION, 1],
    ['profile', 1 + VERIFICATION, 0],
    ['password', 2 + VERIFICATION, 3],
    ...FRONT === 'rest' ? [['authorizer', 1, 0] as [string, number, number]] : [],
  ])('T30 T33 RS-01 RS-02 RS-04 %s: done after another try or 503 with Retry-After, and nothing is left half done', (name, readCalls, writeCalls) => {
    const all = runs.get(name)!;
    expect(all.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    // AND the faults met what the function calls: three effects on a read, five on a write, each once and for good
    expect([reads.get(name), writes.get(name)]).toEqual([readCalls, writeCalls]);
    expect(all).toHaveLength(readCalls * 3 * 2 + writeCalls * 5 * 2);
  });

  test('SE-04 T30 no fault is ever taken for a stolen refresh token', () => {
    expect(service.audit('refresh_reuse')).toEqual([]);
  });

  test('T30 a call that never answers is given up and made again; an outage of that kind is 503 as well', async () => {
    // Processes without an outage behind them, and warm.
    service.instance.recycle();
    const { refresh_token: first, access_token: bearer } = await service.newUser();
    const token = (await service.refresh(first)).body.refresh_token;
    const passing = await run(service, refreshing(token), { effect: 'timeout', operation: 'UpdateItem', times: 1 });
    expect(passing).toMatchObject({ status: 200, wrong: [] });
    // The keys are fresh, however long the tests before took: what is asked for is the revocations.
    await service.me(bearer);
    const outage = await run(service, FRONT === 'rest' ? authorizing(bearer) : readingTheProfile(bearer), { effect: 'timeout' });
    expect(outage).toMatchObject({ status: 503, wrong: [] });
    // The call was tried as often as the adapter's patience lasts, which its own test bounds to three seconds.
    expect([passing.applied, outage.applied]).toEqual([1, 3]);
  });
});

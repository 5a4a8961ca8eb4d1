import type { Answer } from './support/client';
import { testOnlyBehind } from './support/front';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

/** Answer to an address that no account can have. */
const MALFORMED = 400;
const WRONG = 'a wrong password of some length';

function count(answers: readonly Answer[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}

/** What a client can compare: everything but what differs with every request. */
function comparable(answer: Answer): object {
  const headers = { ...answer.headers };
  const ids = ['x-amzn-requestid', 'x-amz-apigw-id', 'x-amzn-trace-id', 'apigw-requestid', 'x-amz-cf-id', 'x-correlation-id'];
  for (const name of ['date', ...ids]) delete headers[name];
  return { status: answer.status, headers, body: { ...answer.body, requestId: undefined } };
}

describe('guessing', () => {
  let service: Service;

  beforeAll(async () => {
    const abuse = { attemptsPerHour: 10, softLockAfter: 5, failedLoginsPerSource: 10_000, registrationsPerHour: 1000 };
    service = await startService({ ...UNTHROTTLED, abuse });
  });

  test('T05 AA-03 200 parallel wrong passwords: at most ten are looked at, the right one among them is no error', async () => {
    const { email } = await service.register();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => service.post('/login', { email, password: index === 100 ? PASSWORD : WRONG }, { from: service.newSource() })));
    // A password is looked at when the attempt was reserved; each reservation answers with 200 or 401.
    expect(count(answers, 200) + count(answers, 401)).toBeLessThanOrEqual(10);
    expect(count(answers, 200) + count(answers, 401) + count(answers, 429)).toBe(200);
    const limited = answers.find(({ status }) => status === 429)!;
    expect(limited.body.code).toBe('rate_limited');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('T06 AA-04 a stranger who fails a thousand times locks nobody out: sessions go on and the known device gets in', async () => {
    const owner = await service.newUser();
    for (let batch = 0; batch < 20; batch += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => service.post('/login', { email: owner.email, password: WRONG }, { from: service.newSource() })));
      expect(count(answers, 401) + count(answers, 429)).toBe(50);
    }
    const known = await service.post('/login', { email: owner.email, password: PASSWORD, device_token: owner.device_token });
    expect(known.status).toBe(200);
    expect((await service.refresh(owner.refresh_token)).status).toBe(200);
    expect((await service.me(owner.access_token)).status).toBe(200);
    // AND somebody else's device opens nothing
    const other = await service.newUser();
    expect((await service.post('/login', { email: owner.email, password: PASSWORD, device_token: other.device_token }, { from: service.newSource() })).status).toBe(429);
  });

  test('AA-04 the wait after five failures doubles, ends by itself and never outlives an hour', async () => {
    const { email } = await service.register();
    const attempt = (password: string) => service.post('/login', { email, password });
    for (let failure = 0; failure < 5; failure += 1) expect((await attempt(WRONG)).status).toBe(401);
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const locked = await attempt(PASSWORD);
      expect(locked.status).toBe(429);
      waits.push(Number(locked.headers['retry-after']));
      service.advance(waits.at(-1)!);
      expect((await attempt(WRONG)).status).toBe(401);
    }
    expect(waits).toEqual([30, 60, 120, 240]);
    service.advance(Number((await attempt(PASSWORD)).headers['retry-after']));
    expect((await attempt(PASSWORD)).status).toBe(200);
    expect((await attempt(PASSWORD)).status).toBe(200);
  });

  test('AA-02 a hundred failures in a row stop password login from everywhere until an administrator unlocks', async () => {
    const { email } = await service.register();
    let failures = 0;
    for (let hour = 0; failures < 100 && hour < 200; hour += 1) {
      const answer = await service.post('/login', { email, password: WRONG }, { from: service.newSource() });
      if (answer.status === 401) failures += 1;
      service.advance(3601);
    }
    expect(failures).toBe(100);
    for (let hour = 0; hour < 3; hour += 1) {
      service.advance(3601);
      expect((await service.post('/login', { email, password: PASSWORD }, { from: service.newSource() })).status).toBe(429);
    }
    expect((await service.admin({ action: 'unlock', email })).ok).toBe(true);
    expect((await service.post('/login', { email, password: PASSWORD })).status).toBe(200);
  });

  test('AA-06 the spelling of an address makes no second counter, and an unknown address has one too', async () => {
    for (const email of [(await service.register()).email, 'nobody.at.all@example.com']) {
      const spellings = [email, email.toUpperCase(), email.replace('@e', '@E')];
      for (let failure = 0; failure < 5; failure += 1) await service.post('/login', { email: spellings[failure % 3], password: WRONG });
      for (const spelling of spellings) expect((await service.post('/login', { email: spelling, password: WRONG })).status).toBe(429);
    }
  });

  test('AA-09 EN-01 the limiter answers known and unknown addresses alike', async () => {
    const known = (await service.register()).email;
    const answers: Answer[] = [];
    for (const email of [known, 'somebody.unknown@example.com']) {
      for (let failure = 0; failure < 5; failure += 1) await service.post('/login', { email, password: WRONG });
      answers.push(await service.post('/login', { email, password: WRONG }));
    }
    expect(answers[0]!.status).toBe(429);
    expect(comparable(answers[0]!)).toEqual(comparable(answers[1]!));
  });

  test('T27 AA-07 a thousand X-Forwarded-For headers are one client', async () => {
    const source = service.newSource();
    const limited = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 5 } });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => limited.post('/register', { email: `spoof.${index}@example.com`, password: PASSWORD }, {
      from: source, headers: { 'x-forwarded-for': `198.51.100.${index}`, 'x-real-ip': `203.0.113.${index}`, forwarded: `for=192.0.2.${index}` },
    })));
    expect([count(answers, 201), count(answers, 429)]).toEqual([5, 45]);
    expect((await limited.post('/register', { email: 'other@example.com', password: PASSWORD }, { from: limited.newSource() })).status).toBe(201);
  });
});

describe('spraying one password over many accounts', () => {
  let service: Service;
  const LIMIT = 30;

  beforeAll(async () => {
    service = await startService({ ...UNTHROTTLED, abuse: { failedLoginsPerSource: LIMIT, registrationsPerHour: 1000 } });
  });

  const spray = (from: string) => (index: number) => service.post('/login', { email: `sprayed.${index}@example.com`, password: WRONG }, { from });

  test('AA-12 one source gets as many failures as the limit says, without a firewall, then 429 with Retry-After until the hour is over', async () => {
    const owner = await service.newUser();
    const from = service.newSource();
    for (let index = 0; index < LIMIT; index += 1) expect((await spray(from)(index)).status).toBe(401);
    const limited = await spray(from)(LIMIT);
    expect([limited.status, limited.body.code]).toEqual([429, 'rate_limited']);
    const login = (more: object, source = from) => service.post('/login', { email: owner.email, password: PASSWORD, ...more }, { from: source });
    // EN-01 a known address with the right password gets the very same answer
    expect(comparable(await login({}))).toEqual(comparable(limited));
    expect(service.audit('login_limited').at(-1)).toMatchObject({ reason: 'limit_source' });
    // AND the owner behind it gets in from a known device, others from elsewhere
    expect((await login({ device_token: owner.device_token })).status).toBe(200);
    expect((await login({}, service.newSource())).status).toBe(200);
    service.advance(Number(limited.headers['retry-after']));
    expect((await login({})).status).toBe(200);
  });

  test('AA-12 T05 a spray in parallel gets no further than what was under way, and the refused ones write nothing', async () => {
    const from = service.newSource();
    const answers = await Promise.all(Array.from({ length: 160 }, (_, index) => spray(from)(index)));
    expect(count(answers, 401) + count(answers, 429)).toBe(160);
    expect(count(answers, 401)).toBeGreaterThanOrEqual(LIMIT);
    const after = service.instance.calls.list().at(-1)!.sequence;
    for (let index = 200; index < 220; index += 1) expect((await spray(from)(index)).status).toBe(429);
    const calls = service.instance.calls.list({ after, service: 'dynamodb' });
    expect(calls.filter(({ operation }) => operation !== 'GetItem')).toEqual([]);
    expect(calls.reduce((sum, { readUnits = 0 }) => sum + readUnits, 0)).toBe(10);
  });

  test('AA-12 where a distribution stands before the API, it names the source; where none does, API Gateway', async () => {
    const from = service.newSource();
    const headers = (index: number) => ({ 'x-forwarded-for': `198.51.100.${index}`, 'x-auth-viewer-address': `203.0.113.${index}`, 'x-real-ip': `192.0.2.${index}` });
    for (let index = 0; index < LIMIT; index += 1) await service.post('/login', { email: `sprayed.${index}@example.com`, password: WRONG }, { from, headers: headers(index) });
    expect((await service.post('/login', { email: 'sprayed.99@example.com', password: WRONG }, { from, headers: headers(99) })).status).toBe(429);
  });
});

interface Measured {
  readonly samples: number[];
  /** What was called for an answer, of all of them. */
  readonly calls: Set<string>;
}

describe('telling accounts apart', () => {
  const testOfFunctions = testOnlyBehind('rest', 'it measures the functions, which are the same behind both');
  /** Attempts at one address, below the soft lock: a refusal by the limiter would be another question. */
  const ATTEMPTS = 15;
  const ADDRESSES = 10;
  /** 150 samples a class have a standard error of 0.033: 3.6 of them. */
  const TOLERANCE = 0.12;
  let service: Service;
  const wrong: string[] = [];
  const disabled: string[] = [];
  const unknown = Array.from({ length: ADDRESSES + 1 }, (_, index) => `unknown.${index}@example.com`);

  beforeAll(async () => {
    const abuse = { attemptsPerHour: 100, softLockAfter: 20, failedLoginsPerSource: 10_000, registrationsPerHour: 10_000 };
    service = await startService({ ...UNTHROTTLED, abuse }, { instance: { concurrency: 1 } });
    for (let index = 0; index <= ADDRESSES; index += 1) {
      wrong.push((await service.register()).email);
      const other = await service.register();
      await service.admin({ action: 'disable', uid: other.uid });
      disabled.push(other.email);
    }
    // The first call of a container loads keys; what is compared comes after it.
    await service.login((await service.register()).email);
  });

  const processorMs = () => service.instance.functions.state().find(({ logicalId }) => logicalId.startsWith('AuthFunctionsLogin'))!.processorMs;

  /** For an account. Now and then the process looks for new keys as well, whoever asks. */
  function callsAfter(after: number): string {
    const calls = service.instance.calls.list({ after, service: 'dynamodb' }).filter(({ resource }) => !resource!.includes('Revocations'));
    return calls.map(({ operation, resource }) => `${operation} ${resource}`).sort().join();
  }

  /**
   * What makes up the time of an answer: the processor time of the function in milliseconds, and its calls. Not the time on the clock, of which the
   * greater part may be what else the machine does. The samples of the classes are interleaved, so that a cold cache or a slow clock meets all of them.
   */
  async function measure(classes: Record<string, readonly string[]>, status: number): Promise<Record<string, Measured>> {
    const measured: Record<string, Measured> = Object.fromEntries(Object.keys(classes).map((name) => [name, { samples: [], calls: new Set<string>() }]));
    for (let round = 0; round < ADDRESSES * ATTEMPTS; round += 1) {
      for (const [name, emails] of rotated(Object.entries(classes), round)) {
        const before = processorMs();
        const after = service.instance.calls.list().at(-1)!.sequence;
        const answer = await service.post('/login', { email: emails[round % ADDRESSES], password: WRONG });
        measured[name]!.samples.push(processorMs() - before);
        measured[name]!.calls.add(callsAfter(after));
        expect([name, answer.status]).toEqual([name, name === 'malformed' ? status : 401]);
      }
    }
    return measured;
  }

  test('T09 EN-01 EN-03 unknown, wrong and disabled give the same answer for the same calls', async () => {
    const seen: object[] = [];
    const calls: string[] = [];
    const attempts = [[unknown[ADDRESSES], WRONG], [wrong[ADDRESSES], WRONG], [disabled[ADDRESSES], WRONG], [disabled[ADDRESSES - 1], PASSWORD]];
    for (const [email, password] of attempts) {
      const after = service.instance.calls.list().at(-1)?.sequence ?? 0;
      seen.push(comparable(await service.post('/login', { email, password })));
      calls.push(callsAfter(after));
    }
    for (const one of seen) expect(one).toEqual(seen[0]);
    for (const one of calls) expect(one).toEqual(calls[0]);
    expect(seen[0]).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });

  testOfFunctions('T08 EN-02 the times of unknown, wrong and disabled cannot be told apart', async () => {
    const measured = await measure({ unknown, wrong, disabled }, 401);
    for (const [left, right] of [['unknown', 'wrong'], ['unknown', 'disabled'], ['wrong', 'disabled']] as const) {
      const auc = areaUnderCurve(measured[left]!.samples, measured[right]!.samples);
      expect({ left, right, auc, alike: Math.abs(auc - 0.5) < TOLERANCE }).toMatchObject({ alike: true });
    }
    // AND none waits for other calls than the others
    for (const { calls } of Object.values(measured)) expect([...calls]).toEqual([...measured.wrong!.calls]);
    expect(measured.wrong!.calls.size).toBe(1);
  });

  testOfFunctions('T08 the measurement sees an answer that skips the hash', async () => {
    // GIVEN an address that no account can have: the one case that needs no hash, since it tells nothing about any account
    const fresh = await Promise.all(Array.from({ length: ADDRESSES }, () => service.register()));
    const { malformed, fresh: usual } = await measure({ malformed: ['not an address'].concat(Array<string>(ADDRESSES).fill('not an address')), fresh: fresh.map(({ email }) => email) }, MALFORMED);
    expect(areaUnderCurve(malformed!.samples, usual!.samples)).toBeGreaterThan(0.9);
  });
});

function rotated<T>(list: readonly T[], by: number): T[] {
  const cut = by % list.length;
  return [...list.slice(cut), ...list.slice(0, cut)];
}

/** Chance that a sample of `right` is larger than one of `left` (Mann-Whitney): 0.5 when they cannot be told apart. */
function areaUnderCurve(left: readonly number[], right: readonly number[]): number {
  let wins = 0;
  for (const a of left) for (const b of right) wins += b > a ? 1 : b === a ? 0.5 : 0;
  return wins / (left.length * right.length);
}

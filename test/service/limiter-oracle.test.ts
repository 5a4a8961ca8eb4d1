import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

const WRONG = 'a wrong password of some length';
const HOUR = 3600;
const HOURS = 10;
/** The service's clock goes on between two requests: waits of the same step differ by that, and by half a lock or more if anything leaks. */
const SAME_STEP_SECONDS = 20;

interface Guessed {
  readonly status: number;
  readonly wait: number;
}

describe('AA-09 EN-01 the answers to patient guessing say nothing of the owner', () => {
  test('who never logs in, logs in anew or on the known device before each guess, or does not exist', async () => {
    const abuse = { attemptsPerHour: 10, softLockAfter: 5, failedLoginsPerSource: 10_000, registrationsPerHour: 1000 };
    const service = await startService({ ...UNTHROTTLED, abuse });
    const [passive, busy, known] = [await service.register(), await service.register(), await service.newUser()];
    const addresses = ['nobody.at.all@example.com', passive.email, busy.email, known.email];
    const from = service.newSource();
    const guess = async (email: string): Promise<Guessed> => {
      const { status, headers } = await service.post('/login', { email, password: WRONG }, { from });
      return { status, wait: Number(headers['retry-after'] ?? 0) };
    };
    // Ten at first, which would fill the hour if one of them counted.
    for (let i = 0; i < 10; i += 1) await service.login(busy.email);
    let device = known.device_token;
    let failed = 0;
    for (let waited = 0; waited < HOURS * HOUR;) {
      await service.post('/login', { email: busy.email, password: PASSWORD }, { from: service.newSource() });
      device = (await service.post('/login', { email: known.email, password: PASSWORD, device_token: device })).body.device_token;
      const [unknown, ...owned] = await Promise.all(addresses.map(guess));
      for (const { status, wait } of owned) {
        expect([failed, status]).toEqual([failed, unknown!.status]);
        expect(Math.abs(wait - unknown!.wait)).toBeLessThan(SAME_STEP_SECONDS);
      }
      if (unknown!.status === 401) failed += 1;
      const longest = Math.max(unknown!.wait, ...owned.map(({ wait }) => wait));
      service.advance(longest);
      waited += longest;
    }
    expect(failed).toBeGreaterThan(15);
  });
});

import { RequestDeadline } from '../../../../lambda/adapters/deadline';
import { UnavailableError } from '../../../../lambda/domain/errors';

const never = () => new Promise<never>(() => undefined);
let deadline: RequestDeadline;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  deadline = new RequestDeadline();
});
afterEach(() => jest.useRealTimers());

const settled = async (milliseconds: number) => {
  jest.advanceTimersByTime(milliseconds);
  await new Promise((resolve) => setImmediate(resolve));
};

describe('the time of a request', () => {
  test('RS-05 what hangs beyond it is an outage', async () => {
    const outcome = deadline.run(3000, () => deadline.keep(never)).catch((error: unknown) => error);
    await settled(3000);
    await settled(50);
    expect(await outcome).toBeInstanceOf(UnavailableError);
    expect(await outcome).toMatchObject({ status: 503, dependency: 'deadline', retryAfter: 1 });
  });

  test('RS-05 a call that the signal cuts off says itself which dependency hung', async () => {
    const cutOff = () => new Promise<never>((_, reject) => deadline.signal!.addEventListener('abort', () => reject(new UnavailableError('users'))));
    const outcome = deadline.run(3000, () => deadline.keep(cutOff)).catch((error: unknown) => error);
    await settled(3000);
    expect(await outcome).toMatchObject({ dependency: 'users' });
  });

  test('what is done before is not touched, and leaves no timer', async () => {
    expect(await deadline.run(3000, () => deadline.keep(async () => 'done'))).toBe('done');
    await expect(deadline.run(3000, () => deadline.keep(async () => { throw new Error('own'); }))).rejects.toThrow('own');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('RS-05 no time left is over at once', async () => {
    const outcome = deadline.run(-5, () => deadline.keep(never)).catch((error: unknown) => error);
    await settled(0);
    await settled(50);
    expect(await outcome).toMatchObject({ dependency: 'deadline' });
  });

  test('requests beside each other have their own', async () => {
    const short = deadline.run(1000, () => deadline.keep(never)).catch(() => 'short');
    const long = deadline.run(5000, async () => {
      const { signal } = deadline;
      await short;
      return signal!.aborted;
    });
    await settled(1000);
    await settled(50);
    expect(await short).toBe('short');
    expect(await long).toBe(false);
  });

  test('of two, one within the other, the earlier counts', async () => {
    for (const [outer, inner] of [[1000, 5000], [5000, 1000]] as const) {
      const run = deadline.run(outer, () => deadline.run(inner, async () => deadline.signal!));
      const nested = deadline.run(outer, () => deadline.run(inner, () => deadline.keep(never))).catch(() => 'over');
      expect((await run).aborted).toBe(false);
      await settled(1000);
      await settled(50);
      expect(await nested).toBe('over');
    }
  });

  test('outside a request there is none', async () => {
    expect(deadline.signal).toBeUndefined();
    expect(deadline.isOver).toBe(false);
    expect(await deadline.keep(async () => 1)).toBe(1);
  });
});

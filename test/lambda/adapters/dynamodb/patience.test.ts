import { PATIENCE } from '../../../../lambda/adapters/dynamodb/client';

test('T30 DB-06 a call that never succeeds is given up within three seconds, pauses included', () => {
  const tries = PATIENCE.attempts * PATIENCE.requestTimeoutMs;
  const pauses = Array.from({ length: PATIENCE.attempts - 1 }, (_, retry) => PATIENCE.firstPauseMs * 2 ** retry).reduce((sum, pause) => sum + pause, 0);
  expect(tries + pauses).toBeLessThanOrEqual(3000);
});

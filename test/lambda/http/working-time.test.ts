import { AUTHORIZER_PATIENCE_MS, GATEWAY_PATIENCE_MS, workingTime } from '../../../lambda/http/working-time';

const left = (milliseconds: number) => ({ getRemainingTimeInMillis: () => milliseconds });

test.each([
  ['half a second is kept for the answer', 4000, undefined, 3500],
  ['of a short time-out a quarter, so that something remains to work with', 1000, undefined, 750],
  ['nothing of nothing', 0, undefined, 0],
  ['a gateway that gives up before the function does decides', 60_000, GATEWAY_PATIENCE_MS, 28_500],
  ['as it does for an authorizer', 60_000, AUTHORIZER_PATIENCE_MS, 9500],
])('RS-05 %s', (_, milliseconds, patience, expected) => {
  expect(workingTime(left(milliseconds), patience)).toBe(expected);
});

/** A day in the middle of a month, far from every schedule: what the clock of each local instance shows when a suite starts it. */
const USUAL = '2026-06-10T09:00:00Z';

/** Epoch milliseconds. `AUTH_TEST_AT` is another instant, for the stage of `npm test` that runs suites with schedules and expiries at several. */
export const INSTANT = Date.parse(process.env.AUTH_TEST_AT ?? USUAL);
if (Number.isNaN(INSTANT)) throw new Error(`AUTH_TEST_AT must be an instant such as ${USUAL}, got ${process.env.AUTH_TEST_AT}`);

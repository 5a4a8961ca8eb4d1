/** What a function is told of its own time. */
export interface TimeLeft {
  getRemainingTimeInMillis(): number;
}

/** API Gateway waits for an integration no longer than this, whatever time the function has. */
export const GATEWAY_PATIENCE_MS = 29_000;
/** And for an authorizer. */
export const AUTHORIZER_PATIENCE_MS = 10_000;

/** To write the lines of the log and the answer, on a processor of which a small function has a part. */
const ANSWER_MS = 500;

/** How long what a request needs may take, so that the function still answers in its own words before anybody cuts it off. */
export function workingTime(context: TimeLeft, patienceMs = Infinity, answerMs = ANSWER_MS): number {
  const left = Math.min(context.getRemainingTimeInMillis(), patienceMs);
  return left - Math.min(answerMs, left / 4);
}

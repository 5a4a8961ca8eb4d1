/**
 * The time that one request has. Everything that a function waits for on behalf of the request shares it: the sum of patient calls must
 * not outlast the function, since whoever is cut off answers nothing.
 */
export interface Deadline {
  /** Gives `work`, and whatever it calls, this long. Requests beside it have their own time. */
  run<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;

  /** The outcome of `work`, or an `UnavailableError` once the time of the request is over. */
  keep<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Puts the function on the instance's virtual clock: `Date.now()`, `new Date()` and `Date()` give real time plus an
 * offset that the caller moves from invocation to invocation. Timers and performance.now() stay real.
 */
export function shiftDate(initialOffsetMs: number): { set(offsetMs: number): void; realNow(): number } {
  let offset = initialOffsetMs;
  const realNow = Date.now.bind(Date);
  const RealDate = Date;
  RealDate.now = () => realNow() + offset;
  const Shifted = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget) as object,
    apply: (target) => new target(target.now()).toString(),
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: Shifted, writable: true, configurable: true });
  globalThis.Date = Shifted;
  return {
    set: (offsetMs) => {
      offset = offsetMs;
    },
    realNow,
  };
}

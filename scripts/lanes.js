'use strict';
// Runs stages in their order, several at a time.

/**
 * A stage begins when a lane is free and those that it comes `after` are done, as far as they are run at all. It does not when one of them failed.
 * @param stages with `name` and `after`: names of stages before it in the list
 * @param lanes how many run at a time
 * @param run promises whether a stage is ok
 * @returns names of the stages that failed, and of those that did not run because of it
 */
exports.runInLanes = async (stages, lanes, run) => {
  const outcomes = new Map();
  const failed = [];
  const notRun = [];
  const ready = [];
  let free = lanes;

  const startReady = () => {
    ready.sort((left, right) => left.position - right.position);
    for (; free > 0 && ready.length > 0; free -= 1) ready.shift().start();
  };
  const lane = (position) => new Promise((start) => {
    ready.push({ position, start });
    startReady();
  });

  const outcome = async (stage, position) => {
    const before = await Promise.all((stage.after ?? []).map((name) => outcomes.get(name) ?? true));
    if (before.includes(false)) {
      notRun.push(stage.name);
      return false;
    }
    await lane(position);
    const ok = await run(stage);
    if (!ok) failed.push(stage.name);
    free += 1;
    // Once those that waited for this one are ready too.
    setImmediate(startReady);
    return ok;
  };

  for (const [position, stage] of stages.entries()) outcomes.set(stage.name, outcome(stage, position));
  await Promise.all(outcomes.values());
  return { failed, notRun };
};

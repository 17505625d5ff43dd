import assert from "node:assert/strict";
import { test } from "node:test";

import { inTime, whatIsStarted } from "./one-run.mjs";

const stoppable = () => {
  const one = { stopped: 0, stop: () => void (one.stopped += 1) };
  return one;
};

test("whatever was started is stopped with the run", async () => {
  const [started, ones] = [whatIsStarted(), [stoppable(), stoppable()]];
  for (const one of ones) assert.equal(started.add(one), one);
  await started.stopAll();
  assert.deepEqual(
    ones.map(({ stopped }) => stopped),
    [1, 1],
  );
});

test("what a run starts that is over is stopped at once, and ends what is left of it", async () => {
  const [started, late] = [whatIsStarted(), stoppable()];
  await started.stopAll();
  assert.throws(() => started.add(late), /the run is over/);
  assert.equal(late.stopped, 1);
});

test("a run that does not end fails, one that ends gives what it found", async () => {
  await assert.rejects(inTime(new Promise(() => undefined), 20), /no end within/);
  assert.equal(await inTime(Promise.resolve(1), 20), 1);
});

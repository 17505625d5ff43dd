import assert from "node:assert/strict";
import { test } from "node:test";

import { atLeast, atMost, exactly, isReached, told, worstOf } from "./goals.mjs";

test("a figure at its bound is reached, one beyond it is not", () => {
  const figures = [
    atMost("p99", 300, 300),
    atMost("p99", 301, 300),
    atLeast("goodput", 95, 95),
    atLeast("goodput", 94, 95),
  ];
  assert.deepEqual(figures.map(isReached), [true, false, true, false]);
});

test("what was not measured is not reached", () => {
  assert.deepEqual(
    [atMost("p99", NaN, 300), atLeast("goodput", undefined, 95), exactly("lost", undefined, 0)].map(isReached),
    [false, false, false],
  );
});

test("of several runs the worst of each figure is quoted", () => {
  const runs = [
    [atMost("p99", 120, 300), atLeast("goodput", 99, 95), exactly("lost", 0, 0)],
    [atMost("p99", 180, 300), atLeast("goodput", 97, 95), exactly("lost", 2, 0)],
    [atMost("p99", 140, 300), atLeast("goodput", 98, 95), exactly("lost", 0, 0)],
  ];
  assert.deepEqual(
    worstOf(runs).map(({ value }) => value),
    [180, 97, 2],
  );
});

test("a figure that one run did not give is not measured, whatever the others gave", () => {
  for (const given of [1, 3]) {
    const p99 = atMost("p99", given, 2);
    for (const runs of [
      [[p99], []],
      [[], [p99]],
    ])
      assert.deepEqual(worstOf(runs), [{ ...p99, value: undefined }]);
  }
  assert.equal(isReached(worstOf([[atMost("p99", 1, 2)], []])[0]), false);
});

test("what is only told is reached where it was measured, and the most of it is quoted", () => {
  assert.deepEqual([told("memory", 300), told("memory", NaN)].map(isReached), [true, false]);
  assert.equal(worstOf([[told("memory", 5)], [told("memory", 7)], [told("memory", 6)]])[0].value, 7);
});

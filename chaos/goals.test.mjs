import assert from "node:assert/strict";
import { test } from "node:test";

import { atLeast, atMost, exactly, isReached, worstOf } from "./goals.mjs";

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

test("a figure that one run did not give is told as not measured", () => {
  assert.equal(worstOf([[atMost("p99", 1, 2)], []]).map(isReached)[0], false);
});

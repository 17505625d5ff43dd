import assert from "node:assert/strict";
import { test } from "node:test";

import { p99ButProbes } from "./while-open.mjs";

/** Two seconds of 150 calls each; `ms` of each by its number. */
const calls = (ms) => Array.from({ length: 300 }, (_, i) => [(i * 1000) / 150, ms(i)]);

test("one probe of an interval may wait", () => {
  assert.equal(p99ButProbes(calls((i) => (i % 75 === 40 ? 1_000 : 3))), 3);
});

test("several that wait in one interval are no probes", () => {
  assert.equal(p99ButProbes(calls((i) => (i < 10 ? 1_000 : 3))), 1_000);
});

test("one quick refusal among many that wait is no open breaker", () => {
  assert.equal(p99ButProbes(calls((i) => (i === 7 ? 3 : 1_000))), 1_000);
});

test("where nobody came, nothing was measured", () => {
  assert.equal(p99ButProbes([]), NaN);
});

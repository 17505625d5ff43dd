import assert from "node:assert/strict";
import { test } from "node:test";

import { renewed } from "./write-report.mjs";

const outcome = (value) => ({ figures: [{ what: "lost", value, kind: "=", bound: 0 }] });
const valuesOf = (outcomes) =>
  Object.fromEntries(Object.entries(outcomes).map(([id, { figures }]) => [id, figures[0].value]));
const known = {
  tests: { R8: outcome(1), R9: outcome(2) },
  without: { draining: { R8: outcome(3), R9: outcome(4) }, goodbye: { R8: outcome(5) } },
};
const options = { runs: "3", short: true };

test("a run of some tests renews their lines alone", () => {
  const { tests, without } = renewed(known, { R8: outcome(9) }, options);
  assert.deepEqual(valuesOf(tests), { R8: 9, R9: 2 });
  assert.equal(without, known.without);
  assert.deepEqual([tests.R8.runs, tests.R8.short], [3, true]);
});

test("so does one with a mechanism switched off", () => {
  const { tests, without } = renewed(known, { R8: outcome(9) }, { ...options, without: "draining" });
  assert.equal(tests, known.tests);
  assert.deepEqual(valuesOf(without.draining), { R8: 9, R9: 4 });
  assert.deepEqual(valuesOf(without.goodbye), { R8: 5 });
  assert.deepEqual(valuesOf(renewed(known, { R8: outcome(9) }, { ...options, without: "new" }).without.new), { R8: 9 });
});

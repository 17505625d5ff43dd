import assert from "node:assert/strict";
import { test } from "node:test";

import { atLeast, atMost, exactly, worstOf } from "../goals.mjs";
import { missedFigures, objectionTo } from "./verdict.mjs";

const reached = exactly("wrong answers", 0, 0);
const missed = atMost("slowest answer", 1_400, 1_150, " ms");
const mechanism = { misses: /^slowest answer/ };

test("a test that misses a goal shows the mechanism, one that reaches them all does not", () => {
  assert.equal(objectionTo({ figures: [reached, missed] }, mechanism), undefined);
  assert.equal(objectionTo({ figures: [reached] }, mechanism), "it misses none of its goals");
});

test("where a test has many goals, the one that the mechanism is for must be missed", () => {
  const outcome = { figures: [reached, missed] };
  assert.equal(objectionTo(outcome, { misses: /^slowest/ }), undefined);
  assert.equal(objectionTo(outcome, { misses: /^wrong/ }), "it misses others than ^wrong");
  assert.equal(objectionTo({ figures: [exactly("neither", "NaN: 200", "")] }, { misses: /NaN: 200/ }), undefined);
});

test("what never came is a figure, what was not measured is none", () => {
  const never = atMost("first 200", Infinity, 500);
  const unknown = [atMost("p99", NaN, 50), atLeast("right", undefined, 95)];
  assert.deepEqual(missedFigures({ figures: [never, ...unknown] }), [never]);
  const lacking = worstOf([[missed], []]);
  assert.equal(objectionTo({ figures: lacking }, mechanism), "it misses none of its goals");
  assert.equal(objectionTo({ figures: unknown }, mechanism), "it misses none of its goals");
});

test("a test that fails shows nothing, unless its mechanism says how it fails", () => {
  const outcome = { failure: "it ended with 1: no such module" };
  assert.equal(objectionTo(outcome, mechanism), `it failed, which shows nothing: ${outcome.failure}`);
  assert.equal(
    objectionTo(outcome, { fails: /not within \d+ ms/ }),
    `it failed, which shows nothing: ${outcome.failure}`,
  );
  assert.equal(
    objectionTo({ failure: "not within 15000 ms: right answers" }, { fails: /not within \d+ ms/ }),
    undefined,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { isReached } from "../goals.mjs";
import { summary } from "../load/run.mjs";
import { refusals } from "./overload.mjs";

const told = (status, ms, count) => Array.from({ length: count }, () => [0, ms, status, true]);
const missed = (times, samples) =>
  refusals(times, summary(samples))
    .filter((figure) => !isReached(figure))
    .map(({ what }) => what);

test("where nobody is refused the same figures stand, and none is missed up to twice the peak", () => {
  const names = (samples) => refusals(2, summary(samples)).map(({ what }) => what);
  assert.deepEqual(names(told(200, 5, 10)), names([...told(200, 5, 5), ...told(503, 5, 5)]));
  assert.deepEqual(missed(2, told(200, 5, 10)), []);
});

test("at five times the peak somebody is refused, and at once", () => {
  assert.deepEqual(missed(5, told(200, 5, 10)), ["5 x: refused"]);
  assert.deepEqual(missed(5, [...told(200, 5, 5), ...told(503, 5, 5)]), []);
});

test("of those that are refused too late there may be few, whether with 503 or with 504", () => {
  const late = "5 x: p99 of what is refused or expires";
  assert.deepEqual(missed(5, [...told(200, 5, 5), ...told(503, 900, 5)]), [late]);
  assert.deepEqual(missed(5, [...told(200, 5, 5), ...told(503, 5, 91), ...told(504, 1_000, 4)]), [
    late,
    "5 x: 504s, of all",
  ]);
});

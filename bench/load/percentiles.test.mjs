import assert from "node:assert/strict";
import { test } from "node:test";

import { median, percentiles } from "./percentiles.mjs";

test("percentiles are times that were seen, sorted as numbers", () => {
  const times = Array.from({ length: 1000 }, (_, i) => 1000 - i);
  assert.deepEqual(percentiles(times), { count: 1000, mean: 500.5, p50: 501, p99: 991, p999: 1000 });
});

test("of nothing there is no percentile, and none is 0", () => {
  assert.deepEqual(percentiles([]), { count: 0, mean: NaN, p50: NaN, p99: NaN, p999: NaN });
});

test("a median of an even number is the mean of the two in the middle", () => {
  assert.deepEqual([median([10, 9, 100]), median([4, 1, 3, 2])], [10, 2.5]);
});

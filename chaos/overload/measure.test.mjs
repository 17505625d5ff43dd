import assert from "node:assert/strict";
import { test } from "node:test";

import { pointOf } from "./measure.mjs";

const PLAN = { settleSeconds: 8, seconds: 2.5 };

test("what was seen is counted apart, and a wrong answer is no goodput", () => {
  const samples = [
    [1_000, 5, 200, true],
    [1_000, 5, 200, false],
    [1_000, 1_500, 200, true],
    [1_000, 5, 503, true],
    [1_000, 5, 429, true],
    [1_000, 5, 504, false],
    [1_000, 2_000, "unanswered", false],
    [1_000, 5, 500, false],
    [1_000, 5, "lost", false],
  ];
  const { goodput, refused, expired, unanswered, others, wrong } = pointOf(
    { samples, lagP99: 1 },
    { settleSeconds: 0, seconds: 2.5 },
  );
  assert.deepEqual(
    { goodput, refused, expired, unanswered, others, wrong },
    { goodput: 0.5, refused: 2, expired: 1, unanswered: 1, others: 2, wrong: 1 },
  );
});

test("what was due while the line still grew does not count, but what it left to be answered later does", () => {
  const before = [
    [7_800, 100, 200, true],
    [7_800, 900, 200, true],
    [7_800, 2_000, "unanswered", false],
  ];
  const { goodput, unanswered, p99 } = pointOf({ samples: [...before, [9_000, 5, 200, true]], lagP99: 1 }, PLAN);
  assert.deepEqual({ goodput, unanswered, p99 }, { goodput: 1, unanswered: 0, p99: 5 });
});

test("of a load that came late nothing is said but how late", () => {
  for (const lagP99 of [301, NaN])
    assert.deepEqual(pointOf({ samples: [[0, 5, 200, true]], lagP99 }, PLAN), { lagP99 });
});

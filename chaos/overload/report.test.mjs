import assert from "node:assert/strict";
import { test } from "node:test";

import { drawings, pageText, seenText, tableOf } from "./report.mjs";

const seen = { lagP99: 2, p50: 3, p99: 40, refused: 5, expired: 6, unanswered: 7, others: 8, wrong: 0 };
const points = [
  { times: 1, rate: 1_000, ...seen, goodput: 990 },
  { times: 2, rate: 2_000, ...seen, goodput: 500 },
  { times: 3, rate: 3_000, lagP99: 1_234 },
];
const results = {
  ...{ date: "2026-01-01", plan: { settleSeconds: 8, seconds: 7 }, cores: undefined },
  missing: [{ label: "Another", reason: "it did not start" }],
  servers: [{ id: "picklepod", label: "Picklepod", peak: 1_000, curves: [{ form: "new", points }] }],
};

test("a point that could not be offered has its line, and says how late the load came", () => {
  const lines = tableOf(results, "new").split("\n").slice(2);
  assert.deepEqual(lines.slice(1), [
    "| Picklepod | 2 x | 2,000 | 500 | 50.0 % | 3.00 | 40.0 | 5 | 6 | 7 | 8 | 0 |",
    "| Picklepod | 3 x | 3,000 | not offered: 1,234 ms late |  |  |  |  |  |  |  |  |",
  ]);
  assert.equal(
    new Set(
      tableOf(results, "new")
        .split("\n")
        .map((line) => line.split("|").length),
    ).size,
    1,
  );
});

test("what is said of the end is said of the last point that was offered", () => {
  assert.match(seenText(results, "new"), /Picklepod at 2 x gives 50.0 % of its peak/);
  assert.equal(seenText(results, "kept"), "None was offered.");
});

test("the page names who was not measured, and whether the cores were shared", () => {
  assert.match(pageText(results), /Another was not measured: it did not start/);
  assert.match(pageText(results), /of each line's 15 s the last 7 count/);
  assert.match(pageText(results), /shared the cores/);
  assert.match(pageText({ ...results, cores: { load: [0], server: 1 } }), /had one core/);
});

const dotsOf = (seenPoints) => {
  const servers = [{ ...results.servers[0], curves: [{ form: "new", points: seenPoints }] }];
  return drawings({ servers })["overload-goodput.svg"].match(/<circle/g).length;
};

test("what was not offered is not drawn, and a fall to nothing is", () => {
  assert.equal(dotsOf(points), 2);
  assert.equal(dotsOf([...points, { ...seen, times: 5, rate: 5_000, goodput: 0 }]), 3);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { judge } from "./judge.mjs";

const floors = {
  noise: 0.2,
  floors: [
    { what: "requests/s", against: "peer", measure: "perSecond", kind: "rate", floor: 3 },
    { what: "p50", against: "peer", measure: "p50", kind: "time", floor: 0.5 },
  ],
};
const peer = { perSecond: 1000, p50: 1 };
const seen = (...ours) => ({ picklepod: ours, peer: ours.map(() => peer) });
const verdicts = (found) => judge(found, floors).map(({ what, ratio, lost }) => ({ what, ratio, lost }));

test("what is at its floor is kept", () => {
  assert.deepEqual(verdicts(seen({ perSecond: 3000, p50: 2 })), [
    { what: "requests/s", ratio: 3, lost: false },
    { what: "p50", ratio: 0.5, lost: false },
  ]);
});

test("a rate that fell by less than noise is kept, one that fell by more is lost", () => {
  assert.deepEqual(
    [2500, 2300].map((perSecond) => judge(seen({ perSecond, p50: 1 }), floors)[0].lost),
    [false, true],
  );
});

test("a time that rose by more than noise is lost", () => {
  assert.deepEqual(
    [2.4, 2.6].map((p50) => judge(seen({ perSecond: 3000, p50 }), floors)[1].lost),
    [false, true],
  );
});

test("one slow round of three loses nothing, two of three do", () => {
  const [good, slow] = [
    { perSecond: 3100, p50: 1 },
    { perSecond: 500, p50: 1 },
  ];
  assert.equal(judge(seen(good, slow, good), floors)[0].lost, false);
  assert.equal(judge(seen(slow, slow, good), floors)[0].lost, true);
});

test("a ratio is of one round: a machine that slows both down loses nothing", () => {
  const slower = {
    picklepod: [
      { perSecond: 3000, p50: 2 },
      { perSecond: 300, p50: 20 },
    ],
    peer: [peer, { perSecond: 100, p50: 10 }],
  };
  assert.deepEqual(
    judge(slower, floors).map(({ least, most }) => [least, most]),
    [
      [3, 3],
      [0.5, 0.5],
    ],
  );
});

test("what was not measured is lost", () => {
  assert.equal(judge(seen({ perSecond: NaN, p50: 1 }), floors)[0].lost, true);
  assert.equal(judge(seen({ p50: 1 }), floors)[0].lost, true);
});

test("the floors that are committed name what is measured", () => {
  const committed = JSON.parse(readFileSync(join(import.meta.dirname, "../floors.json"), "utf8"));
  assert.ok(committed.noise > 0 && committed.noise < 0.5);
  for (const { against, measure, kind, floor } of committed.floors) {
    assert.match(against, /^fastapi-[12]$/);
    assert.ok({ rate: ["perSecond"], time: ["p50", "p99", "bulkSeconds"] }[kind].includes(measure));
    assert.ok(floor > 0);
  }
});

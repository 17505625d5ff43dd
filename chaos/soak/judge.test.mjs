import assert from "node:assert/strict";
import { test } from "node:test";

import { isReached } from "../goals.mjs";
import { complaintsOf, judgeAnswers, judgeLiveMemory, judgeProcesses, slopeOf } from "./judge.mjs";

const everySecond = (seconds, rssMb) =>
  Array.from({ length: seconds }, (_, i) => ({ seconds: i, pid: 1, rssMb: rssMb(i) }));
const missed = (figures) => figures.filter((figure) => !isReached(figure)).map(({ what }) => what);

test("what grows steadily has its slope, in megabytes of ten minutes", () => {
  assert.equal(slopeOf(everySecond(600, (i) => 100 + i * 0.01)).toFixed(6), "6.000000");
});

test("what comes and goes with large bodies is no growth", () => {
  assert.equal(slopeOf(everySecond(600, (i) => 100 + 80 * (i % 12 === 0) + 5 * (i % 3))), 0);
});

test("a leak is found below what comes and goes", () => {
  const slope = slopeOf(everySecond(600, (i) => 100 + 80 * (i % 12 === 0) + 5 * (i % 3) + i * 0.005));
  assert.equal(Math.abs(slope - 3) < 0.1, true);
});

test("one odd window bends nothing", () => {
  assert.equal(slopeOf(everySecond(600, (i) => (i >= 580 ? 500 : 100))), 0);
});

test("no samples are no slope of nought", () => {
  assert.equal(slopeOf([]), NaN);
});

const held = { pid: 1, role: "API", fds: 28 };
const judged = (after, seconds = 600) =>
  judgeProcesses({ samples: everySecond(600, () => 100), seconds, before: [held], after });

test("what holds as many descriptors when idle again, or fewer, has lost none", () => {
  assert.deepEqual(missed(judged([{ ...held, fds: 27 }])), []);
  assert.deepEqual(missed(judged([{ ...held, fds: 29 }])), ["API: descriptors when idle again"]);
});

test("a process that has gone, or was started again, or has come, is told", () => {
  const gone = ["API: descriptors when idle again", "processes at the end"];
  assert.deepEqual([missed(judged([])), missed(judged([{ ...held, pid: 2 }]))], [gone, gone]);
  assert.deepEqual(missed(judged([held, { pid: 2, role: "sidecar", fds: 1 }])), ["processes at the end"]);
});

test("memory is judged only where it was watched for long", () => {
  assert.deepEqual(
    [40, 600, 1_800].map((seconds) => judged([held], seconds).length),
    [2, 2, 3],
  );
});

test("what is still held when all garbage is gone is judged by ten minutes", () => {
  const grown = (live, code) =>
    missed(judgeLiveMemory({ live: 40, code: 5 }, { live: 40 + live, code: 5 + code }, 1_200));
  assert.deepEqual(grown(2.1, 0), ["API: live memory grown in 10 min"]);
  assert.deepEqual(grown(0, 8.1), ["API: compiled code grown in 10 min"]);
  assert.deepEqual(grown(1.9, 7.9), []);
});

const kinds = ["single rows", "200 rows", "10,000 rows", "streams", "gzip streams", "bad lines"];
const tally = { sent: 100, right: 95, refused: 5, wrong: 0 };
const each = (one) => Object.fromEntries(kinds.map((name) => [name, one]));
const missedWith = (others) => missed(judgeAnswers({ ...each(tally), ...others }));

test("a wrong answer misses the goal, and so does a call that never ended", () => {
  assert.deepEqual(missedWith({}), []);
  assert.deepEqual(missedWith({ "bad requests": { ...tally, refused: 4, wrong: 1 } }), ["answers that were wrong"]);
  assert.deepEqual(missedWith({ "bad requests": { ...tally, refused: 4 } }), ["calls that never ended"]);
});

test("who is meant to be answered is not refused for long", () => {
  const refused = { sent: 100, right: 20, refused: 80, wrong: 0 };
  for (const name of kinds) assert.deepEqual(missedWith({ [name]: refused }), [`${name}: right`]);
  assert.deepEqual(missedWith({ "single rows": { ...tally, right: 94, refused: 6 } }), ["single rows: right"]);
  assert.deepEqual(missedWith({ "10,000 rows": { sent: 3, right: 2, refused: 1, wrong: 0 } }), []);
});

test("who never called was not answered", () => {
  assert.deepEqual(missed(judgeAnswers({})), ["calls", ...kinds.map((name) => `${name}: right`)]);
  assert.deepEqual(missedWith({ streams: { sent: 0, right: 0, refused: 0, wrong: 0 } }), ["streams: right"]);
});

test("errors in the log and what nobody handled are complaints; what is usual is none", () => {
  const log = [
    { level: 30, msg: "listening on http://127.0.0.1:1" },
    { level: 40, msg: "answered" },
    { level: 50, msg: "a defect of Picklepod" },
    { level: 30, msg: "Task exception was never retrieved" },
  ];
  const errors = ["Making the environment", "(node:1) MaxListenersExceededWarning: Possible leak"];
  assert.deepEqual(complaintsOf({ log, errors }), [JSON.stringify(log[2]), JSON.stringify(log[3]), errors[1]]);
});

// R8: SIGTERM under load, again and again. Who came before it said that it is not ready is answered; so is who comes while the port
// is still open; later ones are answered, told to come again, or find nobody. A large call and a stream are under way meanwhile.
import { readFileSync } from "node:fs";

import { atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { msUntil, pause, timeOfDay } from "../servers/until.mjs";
import { holdCalls } from "./held-calls.mjs";

export const ending = { id: "R8", what: "SIGTERM under load, with a 10,000-row call and a stream under way", run };

const RATE = 300;
const BEFORE_MS = 1_000;
const DRAIN_MS = 15_000;
/** The port stays open for a second (listen-drain.ts); the rest is for what the load sends later than it is due. */
const OPEN_MS = 700;
/** Of that second, so that a balancer has half of it to go elsewhere. */
const NOT_READY_WITHIN_MS = 500;
/** The large call's last bytes come while the port is open, the stream's when it is closed. */
const LIST_AFTER_MS = 200;
const STREAM_AFTER_MS = 1_300;
/** A valid row is answered or, where nobody is to come any more, told so. */
const HONEST = [200, 503];

async function run({ start, tell, short }) {
  const times = short ? 3 : 20;
  const rounds = [];
  for (let time = 0; time < times; time += 1) {
    const found = await once(start);
    tell(`${time + 1}: ${JSON.stringify(found)}`);
    rounds.push(found);
  }
  return judged(rounds);
}

function judged(rounds) {
  const sum = (count) => rounds.reduce((total, found) => total + count(found), 0);
  const most = (value) => Math.max(...rounds.map(value));
  return [
    exactly(
      "sent before it said that it is not ready: not answered rightly with 200",
      sum(({ early }) => early),
      0,
    ),
    exactly(
      `sent within ${OPEN_MS} ms of the signal: not answered rightly with 200`,
      sum(({ open }) => open),
      0,
    ),
    exactly(
      "accepted requests lost",
      sum(({ lost }) => lost),
      0,
    ),
    exactly(
      "answers other than right, and other than 503",
      sum(({ wrong, dishonest }) => wrong + dishonest),
      0,
    ),
    exactly(
      "large calls and streams under way: not answered in full and rightly",
      sum(({ held }) => held.length),
      0,
    ),
    exactly(
      "ended otherwise than with 0",
      sum(({ code }) => (code === 0 ? 0 : 1)),
      0,
    ),
    atMost(
      "longest until it said that it is not ready",
      most(({ notReadyMs }) => notReadyMs),
      NOT_READY_WITHIN_MS,
      " ms",
    ),
    atMost(
      "longest way to its end",
      most(({ endMs }) => endMs),
      DRAIN_MS,
      " ms",
    ),
  ];
}

async function once(start) {
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/classification/predictions`;
  const calls = await knownCalls("known", url, await fewRows(20));
  const loading = openLoop({ url, calls, phases: [{ rate: RATE, seconds: 4 }] });
  await pause(BEFORE_MS);
  const holding = await holdCalls(url, JSON.parse(readFileSync(calls, "utf8")));
  const told = timeOfDay();
  picklepod.kill("SIGTERM");
  const ended = picklepod.ended.then(({ code }) => ({ code, endMs: timeOfDay() - told }));
  const held = Promise.all([
    pause(LIST_AFTER_MS).then(holding.endList),
    pause(STREAM_AFTER_MS).then(holding.endStream),
  ]);
  const notReadyMs = await notReadyAfter(picklepod.url);
  const { begun, samples } = await loading;
  const notRight = (from, to) =>
    samples.filter(([due, , status, right]) => begun + due >= from && begun + due < to && !(status === 200 && right));
  return {
    ...summary(samples, { honest: HONEST }),
    ...(await ended),
    notReadyMs,
    early: notRight(-Infinity, told + notReadyMs).length,
    open: notRight(told, told + OPEN_MS).length,
    held: (await held).filter((fault) => fault !== undefined),
  };
}

/** Until a balancer would first have heard of it; Infinity where it was never told. */
const notReadyAfter = (url) =>
  msUntil(2_000, async () => (await ask(`${url}/readyz`, { patienceMs: 500 })).status === 503, 10);

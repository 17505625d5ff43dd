// R5: the sidecar stands still for a while, with its port open.
import { atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { msUntil, pause } from "../servers/until.mjs";
import { ANSWERED_WITHIN_MS } from "./killed-sidecar.mjs";
import { p99ButProbes } from "./while-open.mjs";

export const frozenSidecar = { id: "R5", what: "the sidecar is frozen for 1, 4 and 30 s under load", run };

const RATE = 150;
const BEFORE_MS = 1_500;
const AFTER_SECONDS = 4;
/** Behind the moment at which it said that it is not ready: who came just before still waits. */
const OPEN_MS = 50;
/** A freeze that is shorter is over before it is known to be one. */
const LONG_SECONDS = 3;
/** Nobody hopes any more that it answers. */
const FROZEN_SECONDS = 20;

async function run({ start, tell, short }) {
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/classification/predictions`;
  const calls = await knownCalls("known", url, await fewRows(100));
  const figures = [];
  for (const seconds of short ? [1, 4] : [1, 4, 30]) {
    const found = await freeze(picklepod, url, calls, seconds);
    tell(`${seconds} s: ${JSON.stringify(found)}`);
    figures.push(...judged(`${seconds} s`, found, seconds));
    await picklepod.ready();
  }
  return figures;
}

async function freeze(picklepod, url, calls, seconds) {
  const phases = [{ rate: RATE, seconds: BEFORE_MS / 1000 + seconds + AFTER_SECONDS }];
  const loading = openLoop({ url, calls, phases });
  await pause(BEFORE_MS);
  const pid = picklepod.sidecarPid();
  const frozen = now();
  process.kill(pid, "SIGSTOP");
  const watching = notReady(picklepod, Math.max(seconds * 1000, 3_500));
  await pause(seconds * 1000);
  thaw(pid);
  const thawed = now();
  const { begun, samples } = await loading;
  const at = ([due]) => begun + due;
  const watched = await watching;
  const whileOpen = samples.filter((one) => at(one) > frozen + watched.notReadyMs + OPEN_MS && at(one) < thawed);
  const answeredAt = samples.filter(([, , status]) => status === 200).map((one) => at(one) + one[1]);
  const firstAfter = (time) => Math.min(...answeredAt.filter((answered) => answered > time));
  return {
    ...summary(samples),
    ...watched,
    cameWhileOpen: whileOpen.length,
    openP99: p99ButProbes(whileOpen),
    tried: whileOpen.filter(([, , status]) => status === 504).length,
    backMs: firstAfter(thawed) - thawed,
    againMs: firstAfter(frozen + LONG_SECONDS * 1000) - frozen,
  };
}

/** One that stood still for long has been killed and started again. */
function thaw(pid) {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

const now = () => performance.timeOrigin + performance.now();

async function notReady({ url }, withinMs) {
  const begun = performance.now();
  const notReadyMs = await msUntil(withinMs, async () => (await ask(`${url}/readyz`)).status === 503);
  let dead = 0;
  while (performance.now() - begun < withinMs) {
    if ((await ask(`${url}/livez`, { patienceMs: 1_000 })).status !== 200) dead += 1;
    await pause(100);
  }
  return { notReadyMs, dead };
}

function judged(when, found, seconds) {
  const isLong = seconds > LONG_SECONDS;
  return [
    exactly(`${when}: wrong or unanswered`, found.wrong + found.unanswered + found.dishonest, 0),
    atMost(`${when}: slowest answer`, found.slowest, ANSWERED_WITHIN_MS, " ms"),
    exactly(`${when}: /livez failed`, found.dead, 0),
    atMost(`${when}: first 200 after the thaw`, found.backMs, 1_000, " ms"),
    ...(isLong ? [atMost(`${when}: p99 once it is not ready, without probes`, found.openP99, 50, " ms")] : []),
    ...(seconds >= FROZEN_SECONDS
      ? [atMost(`${when}: killed, and serves again after`, found.againMs, 20_000, " ms")]
      : []),
    ...(isLong ? [atMost(`${when}: not ready after`, found.notReadyMs, 3_000, " ms")] : []),
  ];
}

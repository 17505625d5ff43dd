// R8: SIGTERM under load, again and again.
import { atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { pause } from "../servers/until.mjs";

export const ending = { id: "R8", what: "SIGTERM under load", run };

const RATE = 300;
const BEFORE_MS = 1_000;
const DRAIN_MS = 15_000;

async function run({ start, tell, short }) {
  const times = short ? 3 : 20;
  const all = { wrong: 0, lost: 0, refusedInTime: 0, codes: 0, slowestEndMs: 0, notReadyLate: 0 };
  for (let time = 0; time < times; time += 1) {
    const found = await once(start);
    tell(`${time + 1}: ${JSON.stringify(found)}`);
    all.wrong += found.wrong + found.dishonest;
    all.lost += found.lost;
    all.refusedInTime += found.refusedBeforeNotReady;
    all.codes += found.code === 0 ? 0 : 1;
    all.slowestEndMs = Math.max(all.slowestEndMs, found.endMs);
  }
  return [
    exactly("accepted requests lost", all.lost, 0),
    exactly("answers other than right", all.wrong, 0),
    exactly("connections refused before it said that it is not ready", all.refusedInTime, 0),
    exactly("ended otherwise than with 0", all.codes, 0),
    atMost("longest way to its end", all.slowestEndMs, DRAIN_MS, " ms"),
  ];
}

async function once(start) {
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/classification/predictions`;
  const calls = await knownCalls("known", url, await fewRows(20));
  const loading = openLoop({ url, calls, phases: [{ rate: RATE, seconds: 4 }] });
  await pause(BEFORE_MS);
  const told = performance.now();
  picklepod.kill("SIGTERM");
  const notReadyAt = await firstNotReady(picklepod.url);
  const { code } = await picklepod.ended;
  const endMs = performance.now() - told;
  const { begun, samples } = await loading;
  const refused = samples.filter(([due, ms, status]) => status === "refused" && begun + due + ms < notReadyAt);
  return { ...summary(samples), code, endMs, refusedBeforeNotReady: refused.length };
}

/** When a balancer would first have heard of it: the time of day. */
async function firstNotReady(url) {
  for (let look = 0; look < 200; look += 1) {
    const { status } = await ask(`${url}/readyz`, { patienceMs: 500 });
    if (status !== 200) return status === 503 ? performance.timeOrigin + performance.now() : Infinity;
    await pause(10);
  }
  return Infinity;
}

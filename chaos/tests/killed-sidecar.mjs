// R4: the sidecar is killed, again and again, under load.
import { atLeast, atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { pause, timeOfDay } from "../servers/until.mjs";
import { backAfterProofs, BACK_WITHIN_MS } from "./back-after-proofs.mjs";

export const killedSidecar = { id: "R4", what: "the sidecar is killed every 2 s under load", run };

const RATE = 150;
const KILL_EVERY_MS = 2_000;
/** The default deadline, a millisecond for the row, and what scheduling on a shared machine adds. */
export const ANSWERED_WITHIN_MS = 1_001 + 150;
/** The row is valid, and nobody is limited: all else would be a lie. */
export const HONEST = [200, 503, 504];

async function run({ start, tell, short }) {
  const seconds = short ? 10 : 24;
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/classification/predictions`;
  const calls = await knownCalls("known", url, await fewRows(100));
  const loading = openLoop({ url, calls, phases: [{ rate: RATE, seconds }] });
  const kills = await killAgainAndAgain(picklepod, (seconds - 5) * 1000);
  const { begun, samples } = await loading;
  const found = summary(samples, { honest: HONEST });
  const backs = backAfterProofs({ proofs: proofsIn(picklepod.log, begun), kills, begun, samples });
  tell(JSON.stringify({ kills: kills.length, backs, ...found }));
  return [
    atLeast("kills", kills.length, short ? 2 : 5),
    exactly("wrong answers", found.wrong, 0),
    exactly("unanswered", found.unanswered, 0),
    exactly("neither 200, 503 nor 504", found.dishonest, 0),
    exactly("503 without Retry-After", found.withoutRetryAfter, 0),
    atMost("slowest answer", found.slowest, ANSWERED_WITHIN_MS, " ms"),
    atMost("first 200 after the proof", Math.max(...backs), BACK_WITHIN_MS, " ms"),
    atLeast("proved again, times", backs.length, 1),
  ];
}

/** Whichever sidecar is there, proved or not; when each was, as the time of day. */
async function killAgainAndAgain(picklepod, forMs) {
  const kills = [];
  const killed = new Set();
  await pause(1_000);
  for (const begun = performance.now(); performance.now() - begun < forMs; await pause(KILL_EVERY_MS)) {
    const pid = picklepod.sidecarPid();
    if (killed.has(pid)) continue; // it is being started again
    killed.add(pid);
    process.kill(pid, "SIGKILL");
    kills.push(timeOfDay());
  }
  return kills;
}

/** When the log says that it serves again. */
const proofsIn = (log, begun) =>
  log.filter(({ msg, time }) => / is ready \(/.test(msg) && time > begun).map(({ time }) => time);

// R4: the sidecar is killed, again and again, under load.
import { atLeast, atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { pause } from "../servers/until.mjs";

export const killedSidecar = { id: "R4", what: "the sidecar is killed every 2 s under load", run };

const RATE = 150;
const KILL_EVERY_MS = 2_000;
/** The default deadline, a millisecond for the row, and what scheduling on a shared machine adds. */
export const ANSWERED_WITHIN_MS = 1_001 + 150;

async function run({ start, tell, short }) {
  const seconds = short ? 10 : 24;
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/classification/predictions`;
  const calls = await knownCalls("known", url, await fewRows(100));
  const loading = openLoop({ url, calls, phases: [{ rate: RATE, seconds }] });
  const kills = await killAgainAndAgain(picklepod, (seconds - 5) * 1000);
  const { begun, samples } = await loading;
  const found = summary(samples);
  const backs = backAfterProof(picklepod.log, begun, samples);
  tell(JSON.stringify({ kills, backs, ...found }));
  return [
    atLeast("kills", kills, short ? 2 : 5),
    exactly("wrong answers", found.wrong, 0),
    exactly("unanswered", found.unanswered, 0),
    exactly("neither 200, 503 nor 504", found.dishonest, 0),
    exactly("503 without Retry-After", found.withoutRetryAfter, 0),
    atMost("slowest answer", found.slowest, ANSWERED_WITHIN_MS, " ms"),
    atMost("first 200 after the proof", Math.max(...backs), 500, " ms"),
    atLeast("proved again, times", backs.length, 1),
  ];
}

/** Whichever sidecar is there, proved or not. */
async function killAgainAndAgain(picklepod, forMs) {
  let kills = 0;
  const killed = new Set();
  await pause(1_000);
  for (const begun = performance.now(); performance.now() - begun < forMs; await pause(KILL_EVERY_MS)) {
    const pid = picklepod.sidecarPid();
    if (killed.has(pid)) continue; // it is being started again
    killed.add(pid);
    process.kill(pid, "SIGKILL");
    kills += 1;
  }
  return kills;
}

/** Milliseconds from each time that the log says it serves again to the first right answer. */
function backAfterProof(log, begun, samples) {
  const rights = samples.filter(([, , status, right]) => status === 200 && right).map(([due, ms]) => begun + due + ms);
  const proved = log.filter(({ msg, time }) => / is ready \(/.test(msg) && time > begun).map(({ time }) => time);
  return proved.map((at) => Math.min(...rights.filter((right) => right >= at)) - at).filter(Number.isFinite);
}

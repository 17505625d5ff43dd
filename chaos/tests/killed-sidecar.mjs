// R4: the sidecar is killed, again and again, under load.
import { atLeast, atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { pause, timeOfDay } from "../servers/until.mjs";
import { backAfterProofs, BACK_WITHIN_MS } from "./back-after-proofs.mjs";
import { withinDeadline } from "./within-deadline.mjs";

export const killedSidecar = { id: "R4", what: "the sidecar is killed every 2 s under load", run };

const RATE = 150;
const KILL_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 20;
/** Behind the last kill it is started and proved once more, and serves. */
const RECOVER_SECONDS = 8;
/** Of the kills that there is time for: a sidecar that has to be started first is killed a little later. */
const LEAST_KILLS = 0.6;
/** Of all that are asked, also while there is no sidecar. */
const LEAST_RIGHT = 30;
/** The row is valid, and nobody is limited: all else would be a lie. */
export const HONEST = [200, 503, 504];

async function run({ start, tell, short }) {
  const seconds = short ? 16 : 30;
  const killSeconds = seconds - RECOVER_SECONDS;
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/classification/predictions`;
  const calls = await knownCalls("known", url, await fewRows(100));
  const loading = openLoop({ url, calls, phases: [{ rate: RATE, seconds }] });
  const kills = await killAgainAndAgain(picklepod, killSeconds * 1000);
  const { begun, samples } = await loading;
  const found = summary(samples, { honest: HONEST });
  const proofs = proofsIn(picklepod.log, begun);
  const backs = backAfterProofs({ proofs, kills, begun, samples });
  const lastSecond = samples.filter(([due]) => due >= (seconds - 1) * 1000);
  tell(
    JSON.stringify({ kills: kills.map((at) => at - begun), proofs: proofs.map((at) => at - begun), backs, ...found }),
  );
  return [
    atLeast("kills", kills.length, Math.floor((LEAST_KILLS * killSeconds * 1000) / KILL_EVERY_MS)),
    exactly("wrong answers", found.wrong, 0),
    exactly("unanswered", found.unanswered, 0),
    exactly("neither 200, 503 nor 504", found.dishonest, 0),
    exactly("503 without Retry-After", found.withoutRetryAfter, 0),
    withinDeadline("slowest answer", found.slowest),
    atMost("first 200 after the proof", Math.max(...backs), BACK_WITHIN_MS, " ms"),
    atLeast("answered rightly, of all", (found.right / found.sent) * 100, LEAST_RIGHT, " %"),
    atLeast("proved again after the last kill, times", proofs.filter((at) => at > kills.at(-1)).length, 1),
    exactly(
      "in the last second: not answered rightly with 200",
      lastSecond.filter(([, , status, right]) => !(status === 200 && right)).length,
      0,
    ),
  ];
}

/** Whichever sidecar listens, proved or not, and where none does the next one as soon as it does; when each was, as the time of day. */
async function killAgainAndAgain(picklepod, forMs) {
  const kills = [];
  const killed = new Set();
  const until = timeOfDay() + forMs;
  for (let due = timeOfDay() + 1_000; timeOfDay() < until; await pause(LOOK_EVERY_MS)) {
    const pid = picklepod.sidecarPid();
    if (timeOfDay() < due || killed.has(pid)) continue;
    killed.add(pid);
    process.kill(pid, "SIGKILL");
    kills.push(timeOfDay());
    due = timeOfDay() + KILL_EVERY_MS;
  }
  return kills;
}

/** When the log says that it serves again. */
const proofsIn = (log, begun) =>
  log.filter(({ msg, time }) => / is ready \(/.test(msg) && time > begun).map(({ time }) => time);

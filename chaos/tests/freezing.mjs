// A sidecar that is stopped under load and woken again, and what is seen of that from outside.
import { openLoop, summary } from "../load/run.mjs";
import { ask } from "../servers/ask.mjs";
import { pause, timeOfDay } from "../servers/until.mjs";
import { HONEST } from "./killed-sidecar.mjs";
import { p99ButProbes } from "./while-open.mjs";

const RATE = 150;
const BEFORE_MS = 1_500;
const AFTER_SECONDS = 4;
/** Behind the moment at which it said that it is not ready: who came just before still waits. */
const OPEN_MS = 50;
/** A freeze that is shorter is over before it is known to be one. */
export const LONG_SECONDS = 3;
const LOOK_EVERY_MS = 50;

/** @param frozen {api: its URL, url: of the predictions, calls, pid: the sidecar's} */
export async function freeze({ api, url, calls, pid }, seconds) {
  const phases = [{ rate: RATE, seconds: BEFORE_MS / 1000 + seconds + AFTER_SECONDS }];
  const loading = openLoop({ url, calls, phases });
  await pause(BEFORE_MS);
  const frozen = timeOfDay();
  process.kill(pid, "SIGSTOP");
  const watching = watch(api, Math.max(seconds * 1000, 3_500));
  await pause(seconds * 1000);
  thaw(pid);
  const thawed = timeOfDay();
  const { begun, samples } = await loading;
  const watched = await watching;
  const at = ([due]) => begun + due;
  const answeredAt = samples.filter(([, , status]) => status === 200).map((one) => at(one) + one[1]);
  const firstAfter = (time) => Math.min(...answeredAt.filter((answered) => answered > time));
  const opened = frozen + watched.notReadyMs;
  const ended = Math.min(thawed, firstAfter(opened)); // one that was started again serves before the old one would be woken
  const whileOpen = samples.filter((one) => at(one) > opened + OPEN_MS && at(one) < ended);
  return {
    ...summary(samples, { honest: HONEST }),
    ...watched,
    cameWhileOpen: whileOpen.length,
    openP99: p99ButProbes(whileOpen),
    tried: whileOpen.filter(([, , status]) => status === 504).length,
    backMs: firstAfter(thawed) - thawed,
    againMs: firstAfter(frozen + LONG_SECONDS * 1000) - frozen,
  };
}

/** One that stood still for long may have been killed and started again. */
function thaw(pid) {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** When /readyz said what, and how often /livez did not answer. */
async function watch(api, forMs) {
  const seen = { notReadyMs: Infinity, saidFrozenMs: Infinity, dead: 0 };
  const begun = performance.now();
  const since = () => performance.now() - begun;
  while (since() < forMs) {
    const { status, text } = await ask(`${api}/readyz`, { patienceMs: 1_000 });
    if (status === 503) seen.notReadyMs = Math.min(seen.notReadyMs, since());
    if (status === 503 && /\bfrozen\b/.test(text)) seen.saidFrozenMs = Math.min(seen.saidFrozenMs, since());
    if ((await ask(`${api}/livez`, { patienceMs: 1_000 })).status !== 200) seen.dead += 1;
    await pause(LOOK_EVERY_MS);
  }
  return seen;
}

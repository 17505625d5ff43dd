// Good, bad, large, streaming, slow and leaving clients together, and what the API and its sidecar hold meanwhile.
import { join } from "node:path";

import { makeRows } from "../../bench/servers/rows.mjs";
import { root } from "../places.mjs";
import { pause, until } from "../servers/until.mjs";
import { startClients } from "./client-process.mjs";
import { exactly } from "../goals.mjs";
import { complaintsOf, judgeAnswers, judgeLiveMemory, judgeProcesses, SLOPE_SECONDS, slopeOf } from "./judge.mjs";
import { holdings, watch } from "./watch.mjs";

const MODEL = "classification";
/** By then a kept connection to the sidecar has been given up, and so has what belonged to clients that went. */
const SETTLE_MS = 10_000;
const ANSWER_MS = 10_000;
const SAYS_LIVE_MEMORY = join(root, "chaos/machine/live-memory.cjs");
const SHORT = { seconds: 40, warmSeconds: 15, refillSeconds: 0 };
const MOST_WARM_SECONDS = 180;
/**
 * To tell what is live, all garbage is thrown away, and V8 gives back the room that it was in: some 70 MB, which it takes again as
 * the clients return, in three minutes. For ten more or so it compiles what it finds to be called often. Neither is a leak.
 */
const REFILL_SECONDS = 600;

export function planOf({ short, minutes }) {
  if (short) return SHORT;
  const seconds = minutes * 60;
  const warmSeconds = Math.min(MOST_WARM_SECONDS, Math.max(20, minutes * 12));
  return { seconds, warmSeconds, refillSeconds: seconds < SLOPE_SECONDS ? 0 : REFILL_SECONDS };
}

/**
 * {figures, tallies, notes}: the notes say what no figure does. Calls of the refill are judged like all others; of memory only what
 * comes after it.
 */
export async function runSoak({ start, tell, also }, { seconds, warmSeconds, refillSeconds }) {
  await makeRows();
  const picklepod = await start({ models: [MODEL], env: { NODE_OPTIONS: `--require=${SAYS_LIVE_MEMORY}` } });
  await picklepod.ready();
  const clients = startClients({ origin: picklepod.url, model: MODEL });
  also({ stop: clients.end });
  try {
    tell(`warming up for ${warmSeconds} s`);
    await clients.run(warmSeconds);
    const before = await idle(picklepod);
    tell(`measuring for ${seconds} s, after ${refillSeconds} s of the same`);
    const watched = watch(picklepod.family);
    const tallies = await clients.run(refillSeconds + seconds);
    watched.stop();
    const samples = watched.samples.filter((sample) => sample.seconds >= refillSeconds);
    const after = await idle(picklepod);
    const complaints = complaintsOf(picklepod);
    const figures = [
      ...judgeAnswers(tallies),
      exactly("unhandled, errors and warnings in the log", complaints.length, 0),
      ...judgeProcesses({ samples, seconds, before: before.held, after: after.held }),
      ...judgeLiveMemory(before, after, refillSeconds + seconds),
      exactly("ended when it was told to, with", await endOf(picklepod), 0),
    ];
    return {
      figures,
      tallies,
      notes: [
        ...notesOf(before.held, after.held, samples),
        `API: live memory ${before.live} MB before, ${after.live} MB after; compiled code ${before.code} and ${after.code} MB`,
        ...wrongs(tallies),
        ...complaints,
      ],
    };
  } finally {
    clients.end();
  }
}

const SAID = /^live memory: (\S+) MB, compiled code: (\S+) MB$/;

/** What is held when nobody calls, and of it what is live. */
async function idle({ family, errors, kill }) {
  await pause(SETTLE_MS);
  const held = holdings(family);
  const heard = errors.length;
  kill("SIGUSR2");
  const said = () => SAID.exec(errors.slice(heard).at(-1) ?? "") ?? undefined;
  const [, live, code] = await until(ANSWER_MS, "it says what memory is live", said);
  return { held, live: Number(live), code: Number(code) };
}

async function endOf(picklepod) {
  await picklepod.stop();
  const { code, signal } = await picklepod.ended;
  return signal ?? code;
}

const notesOf = (before, after, samples) =>
  before.map(({ pid, role, rssMb, threads }) => {
    const idle = after.find((each) => each.pid === pid)?.rssMb ?? NaN;
    const own = samples.filter((sample) => sample.pid === pid);
    const [least, most] = [Math.min, Math.max].map((of) => of(...own.map((sample) => sample.rssMb)).toFixed(0));
    const files = Math.max(...own.map((sample) => sample.fds));
    return (
      `${role}: RSS ${rssMb.toFixed(0)} MB when idle before, ${idle.toFixed(0)} after, ${least} to ${most} MB under load, ` +
      `${slopeOf(own).toFixed(2)} MB in 10 min; at most ${files} descriptors; ${threads} threads`
    );
  });

const wrongs = (tallies) =>
  Object.entries(tallies).flatMap(([name, { examples, refusals }]) => [
    ...examples.map((example) => `wrong, ${name}: ${example}`),
    ...Object.entries(refusals).map(([why, count]) => `refused, ${name}: ${count} x ${why}`),
  ]);

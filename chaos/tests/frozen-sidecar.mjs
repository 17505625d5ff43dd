// R5: the sidecar stands still for a while, with its port open. At a desk it is the API's own, which kills it where that lasts; in a
// pod it is somebody else's, and the API can only say so.
import { atMost, exactly } from "../goals.mjs";
import { knownCalls } from "../load/run.mjs";
import { example, fewRows } from "../servers/bundles.mjs";
import { startSidecar } from "../servers/start-sidecar.mjs";
import { freeze, LONG_SECONDS } from "./freezing.mjs";
import { withinDeadline } from "./within-deadline.mjs";

export const frozenSidecar = { id: "R5", what: "the sidecar is frozen for 1, 4 and 30 s under load", run };

/** Nobody hopes any more that it answers: at a desk it has been killed by then, in a pod it is called frozen. */
const FROZEN_SECONDS = 20;
const SAID_WITHIN_MS = 25_000;

async function run(how) {
  return [...(await atDesk(how)), ...(await inPod(how))];
}

async function atDesk({ start, tell, short }) {
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const asked = await known(picklepod.url);
  const figures = [];
  for (const seconds of short ? [1, 4] : [1, 4, 30]) {
    const found = await freeze({ ...asked, pid: picklepod.sidecarPid() }, seconds);
    tell(`${seconds} s: ${JSON.stringify(found)}`);
    figures.push(...judged(`${seconds} s`, found, seconds), end(`${seconds} s`, found, seconds));
    await picklepod.ready();
  }
  await picklepod.stop();
  return figures;
}

/** Where it was killed, the old one is woken when the new one has long served: that says nothing. */
const end = (when, found, seconds) =>
  seconds < FROZEN_SECONDS ? back(when, found) : atMost(`${when}: killed, and serves again after`, found.againMs, 20_000, " ms"); // prettier-ignore

async function inPod({ start, also, build, tell, short }) {
  const sidecar = also(await startSidecar({ build, folder: example }));
  const api = await start({ models: [example], env: { SIDECAR_URLS: `classification=${sidecar.url}` } });
  await api.ready();
  const seconds = short ? 4 : 30;
  const when = `in a pod, ${seconds} s`;
  const found = await freeze({ ...(await known(api.url)), pid: sidecar.pid }, seconds);
  tell(`${when}: ${JSON.stringify(found)}`);
  return [
    ...judged(when, found, seconds),
    back(when, found),
    ...(seconds >= FROZEN_SECONDS
      ? [atMost(`${when}: /readyz says that it is frozen after`, found.saidFrozenMs, SAID_WITHIN_MS, " ms")]
      : []),
  ];
}

async function known(api) {
  const url = `${api}/models/classification/predictions`;
  return { api, url, calls: await knownCalls("known", url, await fewRows(100)) };
}

const back = (when, { backMs }) => atMost(`${when}: first 200 after the thaw`, backMs, 1_000, " ms");

const judged = (when, found, seconds) => [
  exactly(
    `${when}: wrong, unanswered, or neither 200, 503 nor 504`,
    found.wrong + found.unanswered + found.dishonest,
    0,
  ),
  withinDeadline(`${when}: slowest answer`, found.slowest),
  exactly(`${when}: /livez failed`, found.dead, 0),
  ...(seconds > LONG_SECONDS
    ? [
        atMost(`${when}: not ready after`, found.notReadyMs, 3_000, " ms"),
        atMost(`${when}: p99 once it is not ready, until the first 200, without probes`, found.openP99, 50, " ms"),
      ]
    : []),
];

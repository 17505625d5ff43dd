// R9: two processes of the API behind a balancer, started again one after the other.
import { freePortsOf } from "../../bench/servers/free-ports.mjs";
import { atLeast, exactly } from "../goals.mjs";
import { knownCalls, openLoop, peakOf, summary } from "../load/run.mjs";
import { balance } from "../servers/balancer.mjs";
import { fewRows, pacedBundle } from "../servers/bundles.mjs";
import { pause, until } from "../servers/until.mjs";
import { pacedPeak } from "./paced-peak.mjs";

export const rollingRestart = { id: "R9", what: "two APIs behind a balancer are started again, one by one", run };

const SETTLE_MS = 1_000;

async function run({ start, tell, also, short }) {
  const ports = await freePortsOf(2);
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const starting = (port) => start({ models: [pacedBundle()], env: { PORT: String(port) } });
  const apis = [await starting(ports[0]), await starting(ports[1])];
  for (const api of apis) await api.ready();
  const balancer = also(await balance(urls));
  await until(5_000, "both are seen", () => (balancer.ready.size === 2 ? true : undefined));
  const url = `${balancer.url}/models/paced/predictions`;
  const calls = await knownCalls("paced", url, await fewRows(50));
  const peak = await peakOf(url, calls, 2);
  const rounds = short ? 1 : 3;
  const restarts = restartAll(apis, ports, starting, balancer, rounds);
  const { samples } = await loadUntil(restarts, { url, calls, rate: peak * 0.4 });
  const found = summary(samples);
  tell(JSON.stringify({ peak, ...found }));
  return [
    pacedPeak(peak),
    exactly("not 200", found.sent - (found.statuses[200] ?? 0), 0),
    exactly("wrong answers", found.wrong, 0),
    atLeast("requests", found.sent, 100),
  ];
}

async function restartAll(apis, ports, starting, balancer, rounds) {
  await pause(SETTLE_MS);
  for (let turn = 0; turn < rounds * 2; turn += 1) {
    const i = turn % 2;
    apis[i].kill("SIGTERM");
    await apis[i].ended;
    apis[i] = await starting(ports[i]);
    await apis[i].ready();
    await until(5_000, "the balancer sees it", () => (balancer.ready.size === 2 ? true : undefined));
    await pause(SETTLE_MS);
  }
}

/** In pieces of a second, until the work is done. */
async function loadUntil(work, { url, calls, rate }) {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  const samples = [];
  while (!isDone) samples.push(...(await openLoop({ url, calls, phases: [{ rate, seconds: 5 }] })).samples);
  await done;
  return { samples };
}

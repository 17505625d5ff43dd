// R19: the Redis that counts calls for several processes hangs, and is killed.
import { spawn, spawnSync } from "node:child_process";

import { freePortsOf } from "../../bench/servers/free-ports.mjs";
import { atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { pause } from "../servers/until.mjs";

export const lostRedis = { id: "R19", what: "Redis, where limits are counted in it, hangs and is killed", run };

const RATE = 150;
const SECONDS = 5;
/** More than are sent: what is limited is not the point. */
const LIMITS = "address:requests=100000000/60s,address:rows=100000000/60s";

async function run({ start, also, tell }) {
  const [port] = await freePortsOf(1);
  const redis = await also(startRedis(port));
  const env = { RATE_LIMITS: LIMITS, RATE_LIMIT_REDIS_URL: `redis://127.0.0.1:${port}` };
  const picklepod = await start({ models: ["classification"], env });
  await picklepod.ready();
  const url = `${picklepod.url}/models/classification/predictions`;
  const calls = await knownCalls("known", url, await fewRows(100));
  const load = async (when) => {
    const found = summary((await openLoop({ url, calls, phases: [{ rate: RATE, seconds: SECONDS }] })).samples);
    tell(`${when}: ${JSON.stringify(found)}`);
    return found;
  };
  const well = await load("well");
  const hanging = await whileDoing(load, "hanging", () => redis.signal("SIGSTOP"));
  redis.signal("SIGCONT");
  await pause(2_000);
  const killed = await whileDoing(load, "killed", () => redis.signal("SIGKILL"));
  return [...judged("hanging", hanging, well), ...judged("killed", killed, well)];
}

/** In the middle of the load. */
async function whileDoing(load, when, strike) {
  const loading = load(when);
  await pause(1_500);
  strike();
  return loading;
}

const judged = (when, found, well) => [
  exactly(`${when}: not answered with 200, or wrongly`, found.sent - (found.statuses[200] ?? 0) + found.wrong, 0),
  atMost(`${when}: p99 more than while it is well`, found.goodP99 - well.goodP99, 20, " ms"),
];

/** @throws Error where there is none on this machine */
async function startRedis(port) {
  const program = process.env.REDIS_SERVER ?? "redis-server";
  const { error } = spawnSync(program, ["--version"], { timeout: 5_000 });
  if (error) throw new Error(`not measured: ${program} cannot be started. Install Redis, or name it by REDIS_SERVER`);
  const child = spawn(program, ["--port", String(port), "--save", "", "--bind", "127.0.0.1"], { stdio: "ignore" });
  await pause(500);
  return {
    signal: (name) => child.kill(name),
    stop: () => {
      child.kill("SIGCONT");
      child.kill("SIGKILL");
    },
  };
}

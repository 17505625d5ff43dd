// What one row, and one large call, wait for.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";

import { median } from "../load/percentiles.mjs";
import { runClient } from "../load/run-client.mjs";
import { profileFolder, sidecarOf, stagesFile, timedPicklepod } from "./profiled-server.mjs";
import { stacksOfPython } from "./python-profile.mjs";
import { sidecarStages, stageOf } from "./stages.mjs";

const SECONDS = 5;
/** py-spy takes a while to find its way into the process; the load is there before and after. */
const LONGER_SECONDS = 4;
const PATIENCE_MS = 60_000;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** {one, large}: milliseconds of each stage for a call, and of the whole as the client sees it */
export async function wallTimes(fleet, pySpy, tell) {
  mkdirSync(profileFolder, { recursive: true });
  const server = await fleet.start(timedPicklepod);
  const { url, wire } = server;
  tell("the stages of single rows, 1 client");
  const one = await timesOf(server, pySpy, { kind: "closedLoop", url, wire, connections: 1, warmSeconds: 0.1 });
  tell("the stages of 10,000-row calls");
  const large = await timesOf(server, pySpy, { kind: "largeCalls", url, wire, rows: 10_000 });
  await fleet.stop(server);
  return { one, large };
}

/** Once by the stages' clocks; then by py-spy, which alone sees what the sidecar computes, and slows it down a little. */
async function timesOf(server, pySpy, job) {
  await stagesSince(server); // what the client's connection and the code's first calls take is not counted
  const found = await runClient({ ...job, seconds: SECONDS }, PATIENCE_MS);
  const stages = await stagesSince(server);
  const calls = stages.write.calls;
  const perCall = Object.entries(stages).map(([stage, { total }]) => [stage, total / calls]);
  const whole = found.mean ?? median(found.times) * 1000;
  return { ...Object.fromEntries(perCall), whole, compute: await computeMs(server, pySpy, job) };
}

async function computeMs(server, pySpy, job) {
  const load = runClient({ ...job, seconds: SECONDS + LONGER_SECONDS }, PATIENCE_MS);
  await wait((LONGER_SECONDS / 2) * 1000);
  const stacks = await stacksOfPython(pySpy, sidecarOf(server), SECONDS);
  const { perSecond, times } = await load;
  const computing = stacks.filter(({ stack }) => stageOf(stack, sidecarStages) === "compute");
  const seconds = computing.reduce((sum, each) => sum + each.seconds, 0);
  return (seconds * 1000) / (SECONDS * (perSecond ?? 1 / median(times)));
}

/** {[stage]: {calls, total}} since it was asked last */
async function stagesSince({ family }) {
  rmSync(stagesFile, { force: true });
  process.kill(family.rootPid, "SIGUSR2");
  for (let i = 0; i < 100; i += 1) {
    if (existsSync(stagesFile)) return JSON.parse(readFileSync(stagesFile, "utf8"));
    await wait(50);
  }
  throw new Error("the API does not tell its stages");
}

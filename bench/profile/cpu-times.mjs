// What the processors do for single rows while 64 clients ask.
import { runClient } from "../load/run-client.mjs";
import { stacksOf } from "./node-profile.mjs";
import { profiledPicklepod, profileFileOf, sidecarOf } from "./profiled-server.mjs";
import { stacksOfPython } from "./python-profile.mjs";

const CLIENTS = 64;
const SECONDS = 8;
const WARM_SECONDS = 2;
const PATIENCE_MS = 60_000;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const microseconds = () => Number(process.hrtime.bigint() / 1000n); // of the clock that V8 writes into a profile

/** {clients, api, sidecar}: each {stacks: [{stack, seconds}], requests} */
export async function cpuTimes(fleet, pySpy, tell) {
  const server = await fleet.start(profiledPicklepod);
  tell(`the API under ${CLIENTS} clients`);
  const api = await underLoad(server, async () => {
    const from = microseconds();
    await wait(SECONDS * 1000);
    return { from, to: microseconds() };
  });
  tell(`the sidecar under ${CLIENTS} clients`);
  const sidecar = await underLoad(server, () => stacksOfPython(pySpy, sidecarOf(server), SECONDS));
  await fleet.stop(server);
  const { from, to } = api.found;
  return {
    clients: CLIENTS,
    api: { requests: api.requests, stacks: stacksOf(profileFileOf(server.family.rootPid), from, to) },
    sidecar: { requests: sidecar.requests, stacks: sidecar.found },
  };
}

/** @param work takes SECONDS, all of them under load */
async function underLoad({ url, wire }, work) {
  const job = { kind: "closedLoop", url, wire, connections: CLIENTS };
  const load = runClient({ ...job, warmSeconds: WARM_SECONDS, seconds: SECONDS + WARM_SECONDS }, PATIENCE_MS);
  await wait(WARM_SECONDS * 1000);
  const found = await work();
  const { perSecond } = await load;
  return { found, requests: perSecond * SECONDS };
}

// npm run bench:quick: in two minutes, whether what was reached is still there. Ratios against FastAPI in the same run are held to
// bench/floors.json; one below its floor by more than noise, also when as many rounds more are counted in, ends it with 1.
// `npm run bench:quick -- --write-floors` makes what it measures the floors.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import { median } from "./load/percentiles.mjs";
import { runClient } from "./load/run-client.mjs";
import { inRounds } from "./measure/rounds.mjs";
import { judge } from "./report/judge.mjs";
import { printJudged } from "./report/print-judged.mjs";
import { peers, picklepod } from "./servers/peer-table.mjs";
import { withFleet } from "./servers/with-fleet.mjs";

const ROUNDS = 4;
const CLIENT_MS = 30_000;
const tell = (text) => process.stderr.write(`${text}\n`);

const floorsFile = join(import.meta.dirname, "floors.json");
const floors = JSON.parse(readFileSync(floorsFile, "utf8"));
await withFleet(tell, async (fleet) => {
  const servers = await startAll(fleet);
  const seen = Object.fromEntries(servers.map(({ id }) => [id, []]));
  await measure(servers, seen);
  const isToWrite = process.argv.includes("--write-floors");
  if (!isToWrite && judge(seen, floors).some(({ lost }) => lost)) {
    tell("something seems lost: more rounds tell a slow minute of the machine from a slow Picklepod");
    await measure(servers, seen);
  }
  const judged = judge(seen, floors);
  printJudged(judged, seen);
  if (isToWrite) writeFloors(judged);
  else if (judged.some(({ lost }) => lost)) process.exitCode = 1;
});

async function startAll(fleet) {
  const servers = [];
  for (const entry of [picklepod, ...peers.filter(({ id }) => floors.floors.some(({ against }) => against === id))]) {
    servers.push(await fleet.start(entry));
  }
  return servers;
}

/** Adds to what was seen of each. */
function measure(servers, seen) {
  return inRounds(servers, ROUNDS, async (server, round) => {
    tell(`round ${round + 1} of ${ROUNDS}: ${server.label}`);
    seen[server.id].push(await once(server));
  });
}

function writeFloors(judged) {
  const measured = floors.floors.map((floor, i) => ({ ...floor, floor: Math.floor(judged[i].ratio * 100) / 100 }));
  const from = `medians of a run of bench:quick, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores`;
  writeFileSync(floorsFile, `${JSON.stringify({ ...floors, from, floors: measured }, undefined, 2)}\n`);
}

async function once({ url, wire }) {
  const loop = { kind: "closedLoop", url, wire, warmSeconds: 0.3 };
  const { p50, failed: alone } = await runClient({ ...loop, connections: 1, seconds: 1 }, CLIENT_MS);
  const { perSecond, p99, failed: many } = await runClient({ ...loop, connections: 64, seconds: 2 }, CLIENT_MS);
  if (alone + many > 0) throw new Error(`${url}: ${alone + many} requests failed`);
  const { times } = await runClient({ kind: "largeCalls", url, wire, rows: 10_000, calls: 2 }, CLIENT_MS);
  return { p50, p99, perSecond, bulkSeconds: median(times) };
}

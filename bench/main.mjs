// npm run bench: Picklepod and its peers, the same pickles, the same rows, in one run on loopback. Writes docs/benchmarks.
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

import { barePython, startBarePython } from "./measure/bare-python.mjs";
import { measureBesideBulk, measureBesideBulkByClients } from "./measure/beside-bulk.mjs";
import { measureIdle } from "./measure/idle.mjs";
import { measureInProcess, measureLargeCalls } from "./measure/large-call.mjs";
import { measureOpenLoop } from "./measure/open-loop.mjs";
import { plan } from "./measure/plan.mjs";
import { measureRowCounts } from "./measure/row-counts.mjs";
import { measureSingles } from "./measure/singles.mjs";
import { measureStarts } from "./measure/starts.mjs";
import { measureStreaming, measureStreamRowCounts } from "./measure/streaming.mjs";
import { root } from "./places.mjs";
import { writeReport } from "./report/write-report.mjs";
import { copyBundle } from "./servers/bundle-copy.mjs";
import { environmentOf, versionsOf } from "./servers/environment.mjs";
import { createFleet, stopWhenTold } from "./servers/fleet.mjs";
import { peers, picklepod, picklepodTwice } from "./servers/peer-table.mjs";
import { makeRows, readRows } from "./servers/rows.mjs";
import { variablesFor } from "./servers/start-server.mjs";

/** A run that hangs is cut short. */
const PATIENCE_MINUTES = plan.minutes + 15;

const begun = performance.now();
const minutes = () => (performance.now() - begun) / 60_000;
const tell = (text) => process.stderr.write(`${minutes().toFixed(1).padStart(5)} min  ${text}\n`);

await makeRows();
// What cannot be installed is told when it is started.
for (const { lock, python } of peers) await environmentOf(lock, python, tell).catch(() => undefined);
const rows = readRows();
const bundle = copyBundle();
const python = await environmentOf("fastapi", "3.9", tell);
const environment = { ...process.env, ...variablesFor(bundle) };
const { answers: reference, ...bare } = await barePython(python, environment);
const fleet = createFleet({ bundle, rows, reference, tell });
const watchdog = stopWhenTold(fleet, PATIENCE_MINUTES * 60_000);
try {
  const results = { ...about(), bare, ...(await measure()) };
  writeReport({ ...results, minutes: minutes() });
} finally {
  clearTimeout(watchdog);
  await fleet.stopAll();
}
tell("docs/benchmarks is written");

async function measure() {
  const starts = await measureStarts(fleet, picklepod, plan.starts, () => startBarePython(python, environment));
  const [ours, twice, ...others] = await startAll();
  const all = [ours, ...others];
  const quick = all.filter(({ slow }) => !slow);
  const closest = all.filter(({ id }) => ["picklepod", "fastapi-1", "fastapi-2"].includes(id));
  const few = all.filter(({ id }) => ["picklepod", "fastapi-1", "fastapi-2", "mlserver"].includes(id));
  const idle = await measureIdle(all);
  for (const server of all) if (server.restless) server.hold();
  const singles = await measureSingles(twice ? [...all, twice] : all, plan.singles, tell);
  if (twice) await fleet.stop(twice);
  return {
    servers: all.map(summary),
    missing: fleet.missing,
    ...{ starts, idle, singles },
    largeCalls: await measureLargeCalls(all, plan.largeCall, tell),
    inProcess: await measureInProcess(bare),
    besideBulk: await measureBesideBulk(quick, plan.besideBulk, tell),
    besideBulkByClients: await measureBesideBulkByClients(closest, plan.besideBulkClients, tell),
    rowCounts: await measureRowCounts(few, plan.rowCounts, tell),
    openLoop: await measureOpenLoop(few, plan.openLoop, tell),
    streaming: await measureStreaming(startAnother, plan.streaming, { rows, reference, bundle }, tell),
    streamRowCounts: await measureStreamRowCounts(ours, plan.streaming, { rows, bundle }, tell),
  };
}

async function startAnother() {
  const server = await fleet.start(picklepod);
  return { server, stop: () => fleet.stop(server) };
}

/** Picklepod; Picklepod with two processes, or undefined; the peers that could be started. */
async function startAll() {
  const started = [await fleet.start(picklepod), await fleet.tryStart(picklepodTwice)];
  for (const peer of peers) {
    const server = await fleet.tryStart(peer);
    if (server) started.push(server);
  }
  return started;
}

function summary({ id, label, lock, python, note, readyMs }) {
  return { id, label, python, note, readyMs, versions: lock ? versionsOf(lock) : [] };
}

function about() {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cpus()[0].model,
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      kernel: release().split("-")[0],
      node: process.versions.node,
    },
    picklepod: version,
    plan,
  };
}

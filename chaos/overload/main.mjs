// npm run chaos:overload: draws docs/benchmarks/overload-goodput.svg and overload-latency.svg, writes overload.json beside them and
// their tables into docs/reliability.md, renewed after each server.
//   npm run chaos:overload -- --short      few points of a few seconds, in .picklepod/chaos/overload; the docs stay as they are
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { peers, picklepod } from "../../bench/servers/peer-table.mjs";
import { readFewRows } from "../../bench/servers/rows.mjs";
import { withFleet } from "../../bench/servers/with-fleet.mjs";
import { cache, root } from "../places.mjs";
import { writeBetween } from "../write-report.mjs";
import { leaveACore, onCore } from "./cores.mjs";
import { knownAnswers } from "./known-answers.mjs";
import { measureOverload } from "./measure.mjs";
import { planOf } from "./plan.mjs";
import { drawings, pageText } from "./report.mjs";

const { short: isShort } = parseArgs({ options: { short: { type: "boolean", default: false } } }).values;
const COMPARED = ["fastapi-1", "mlserver"];
const PATIENCE_MS = 90 * 60_000;
const tell = (text) => process.stderr.write(`${text}\n`);

/** As it is out of the box, and not as the benchmark starts it, which waits a minute for an answer. */
const ours = { ...picklepod, environment: ({ port, bundle }) => ({ PORT: port, MODELS: bundle.folder }) };
const entries = [ours, ...peers.filter(({ id }) => COMPARED.includes(id))];

const folder = isShort ? join(cache, "overload") : join(root, "docs/benchmarks");
const plan = planOf({ isShort });
const cores = leaveACore(tell);
const results = { date: new Date().toISOString().slice(0, 10), plan, cores, servers: [], missing: [] };

await withFleet(tell, measureAll, { patienceMs: PATIENCE_MS });

async function measureAll(fleet, reference) {
  results.missing = fleet.missing;
  // One at a time: the others would take memory and processors, though nobody asks them.
  for (const entry of entries) {
    const server = await fleet.tryStart(cores === undefined ? entry : onCore(cores.server, entry));
    if (server !== undefined) await measureOne(fleet, server, reference);
    write();
  }
  if (results.missing.length > 0) process.exitCode = 1;
  tell(`written to ${folder}`);
}

async function measureOne(fleet, server, reference) {
  try {
    const calls = await knownAnswers(server, readFewRows(), reference);
    results.servers.push(await measureOverload(server, calls, plan, { loadCores: cores?.load.length ?? 1, tell }));
  } catch (error) {
    tell(`${server.label}: ${error.stack}`);
    results.missing.push({ id: server.id, label: server.label, reason: error.message }); // the others are measured all the same
  } finally {
    await fleet.stop(server);
  }
}

function write() {
  const seen = { ...results, missing: [...results.missing, ...notYet()] };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "overload.json"), `${JSON.stringify(seen, undefined, 1)}\n`);
  if (seen.servers.length === 0) return;
  for (const [file, drawing] of Object.entries(drawings(seen))) writeFileSync(join(folder, file), drawing);
  if (isShort) writeFileSync(join(folder, "page.md"), `${pageText(seen)}\n`);
  else writeBetween("overload", pageText(seen));
}

/** Told of a run that has not come to its end. */
function notYet() {
  const done = new Set([...results.servers, ...results.missing].map(({ id }) => id));
  return entries
    .filter(({ id }) => !done.has(id))
    .map(({ id, label }) => ({ id, label, reason: "the run ended before" }));
}

// npm run chaos: what happens around Picklepod, and whether it survives it. A line a test with figures, goals and a verdict; exit
// code 1 where a goal is missed.
//   npm run chaos                          the whole table
//   npm run chaos -- R4 R5                 some of it
//   npm run chaos -- --runs 3              each three times, the worst figure quoted
//   npm run chaos -- --short               shorter loads, fewer rounds
//   npm run chaos -- --without breaker     with a mechanism switched off: each of its tests must now miss (0 where all do)
//   npm run chaos -- --write               and what was seen goes into docs/reliability.md
//   npm run chaos -- --list                the tests and the mechanisms
import { basename } from "node:path";
import { parseArgs } from "node:util";

import { worstOf } from "./goals.mjs";
import { inTime, PATIENCE_MS, stopWhenTold, whatIsStarted } from "./one-run.mjs";
import { stateFolder } from "./places.mjs";
import { printTest } from "./print-table.mjs";
import { standBetween } from "./servers/between.mjs";
import { startPicklepod } from "./servers/start-picklepod.mjs";
import { startSidecar } from "./servers/start-sidecar.mjs";
import { table } from "./table.mjs";
import { copyBuild } from "./without/copy.mjs";
import { mechanisms } from "./without/mechanisms.mjs";
import { objectionTo } from "./without/verdict.mjs";
import { writeReport } from "./write-report.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "1" },
    short: { type: "boolean", default: false },
    without: { type: "string" },
    list: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
/** With a mechanism switched off it may never be ready; as it is, a first start on a machine makes environments. */
const READY_MS = options.without === undefined ? 600_000 : 60_000;
let started = whatIsStarted();
const tell = (text) => options.verbose && process.stderr.write(`      ${text}\n`);

async function main() {
  const wanted = chosen();
  const { build, env, remove } = copyBuild(options.without);
  stopWhenTold(() => started.stopAll());
  try {
    let isGood = true;
    for (const test of wanted) {
      const outcome = await several(test, { build, env });
      const isReached = printTest(test, outcome);
      if (options.write) writeReport({ [test.id]: outcome }, options);
      isGood = (options.without === undefined ? isReached : isShown(test, outcome)) && isGood;
    }
    return isGood;
  } finally {
    remove();
  }
}

/** Each test must see it: one that does not would be shown by no other. */
function isShown({ id }, outcome) {
  const objection = objectionTo(outcome, mechanisms[options.without]);
  if (objection === undefined) return true;
  process.stderr.write(`${id} does not show what --without ${options.without} switches off: ${objection}\n`);
  return false;
}

function chosen() {
  const names =
    positionals.length > 0 ? positionals : (mechanisms[options.without]?.tests ?? table.map(({ id }) => id));
  return names.map((name) => {
    const test = table.find(({ id }) => id === name.toUpperCase());
    if (test === undefined) throw new Error(`There is no test ${name}: npm run chaos -- --list`);
    return test;
  });
}

/** The worst of the runs; one that fails outright is the test's end. */
async function several(test, { build, env }) {
  const runs = [];
  for (let run = 0; run < Number(options.runs); run += 1) {
    started = whatIsStarted();
    try {
      tell(`${test.id}, run ${run + 1} of ${options.runs}`);
      const running = test.run({ ...options, build, tell, ...starters(started, build, env) });
      runs.push(await inTime(running, test.patienceMs ?? PATIENCE_MS));
    } catch (error) {
      return { failure: options.verbose ? error.stack : error.message };
    } finally {
      await started.stopAll();
    }
  }
  return { figures: worstOf(runs) };
}

/** `also`: of what a test starts by itself, {stop}, as soon as it is spawned. */
function starters({ add: also }, build, off) {
  const start = ({ env, ...how }) =>
    startPicklepod({ build, readyMs: READY_MS, also, ...how, env: { STATE_DIR: stateFolder, ...env, ...off } });
  return { also, start, startBetween: (how) => startBetween(how, { build, also, start }) };
}

/** An API before a sidecar that is not its own, with somebody between them. */
async function startBetween({ folder, env }, { build, also, start }) {
  const sidecar = also(await startSidecar({ build, folder }));
  const between = also(await standBetween(sidecar.url));
  const name = basename(folder);
  const api = await start({ models: [folder], env: { ...env, SIDECAR_URLS: `${name}=${between.url}` } });
  await api.ready();
  return { api, between, sidecar };
}

function list() {
  for (const { id, what } of table) process.stdout.write(`${id.padEnd(4)} ${what}\n`);
  for (const [name, { tests, what }] of Object.entries(mechanisms)) {
    process.stdout.write(`--without ${name}: ${what} (${tests.join(", ")})\n`);
  }
}

if (options.list) list();
else process.exitCode = (await main()) ? 0 : 1;
setTimeout(() => process.exit(), 1_000).unref(); // a test that failed may have left something open

// npm run fuzz: whatever a stranger may send, to each part that reads it. A line a fuzzer: cases and findings; exit code 1 where
// anything was found. Every finding prints what was sent, and becomes a test.
//   npm run fuzz                     all: 20,000 requests over bare sockets, 20 times the cases of npm test, and schemathesis
//   npm run fuzz -- --short          a minute
//   npm run fuzz -- sockets sidecar  some of it
//   npm run fuzz -- --seed 7         others: the same seed sends the same
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { stopWhenTold, whatIsStarted } from "../chaos/one-run.mjs";
import { startPicklepod } from "../chaos/servers/start-picklepod.mjs";
import { root } from "./places.mjs";
import { fuzzProperties } from "./properties.mjs";
import { fuzzSockets } from "./raw-socket.mjs";
import { fuzzContract } from "./schemathesis.mjs";
import { fuzzSidecar } from "./sidecar.mjs";

const BUNDLE = "classification";

/** In the order that they are run; `api` is one that is started for all that need it. */
export const fuzzers = {
  sockets: {
    needsApi: true,
    what: "requests with something wrong in them, over bare sockets",
    run: ({ api, size, seed, tell }) => fuzzSockets({ ...api, cases: size.sockets, seed, tell }),
  },
  contract: {
    needsApi: true,
    what: "schemathesis, by the API's own OpenAPI",
    run: ({ api, size, seed, tell, also }) =>
      fuzzContract({ ...api, cases: size.contract, phases: size.phases, seed, tell, also }),
  },
  sidecar: {
    what: "hypothesis, at the sidecar's tensors and the gate's scanner",
    run: ({ size, tell, also }) => fuzzSidecar({ cases: size.sidecar, tell, also }),
  },
  properties: {
    what: "fast-check, at rows, tensors, manifests and both gates",
    run: ({ size, tell, also }) => fuzzProperties({ times: size.times, tell, also }),
  },
};

const LONG = { sockets: 20_000, contract: 240, phases: "examples,coverage,fuzzing", sidecar: 5_000, times: 20 };
const SHORT = { sockets: 2_000, contract: 400, phases: "examples,fuzzing", sidecar: 200, times: 1 };

/** @param also told of all that is to be stopped, as soon as it is spawned. @returns of each fuzzer its name, cases and findings */
export async function fuzz({
  short = false,
  seed = 1,
  names = Object.keys(fuzzers),
  tell = () => undefined,
  also = () => undefined,
  start = (how) => startPicklepod({ build: join(root, "dist"), also, ...how }),
}) {
  const chosen = names.map((name) => ({ name, ...fuzzers[name] }));
  const picklepod = chosen.some(({ needsApi }) => needsApi) ? await startApi(start) : undefined;
  const asked = { size: short ? SHORT : LONG, seed, tell, also, api: picklepod?.api };
  const results = [];
  try {
    for (const { name, what, run } of chosen) {
      tell(`${name}: ${what}`);
      const { cases, findings, ...more } = await run(asked);
      results.push({ name, cases, findings: [...findings, ...(picklepod?.defectsFound() ?? [])], ...more });
    }
  } finally {
    await picklepod?.stop();
  }
  return results;
}

/** With time enough for a machine that is busy: a deadline that passes is a 504, and here a finding. */
async function startApi(start) {
  const picklepod = await start({ models: [BUNDLE], env: { REQUEST_TIMEOUT_MS: "60000" } });
  try {
    await picklepod.ready();
  } catch (error) {
    await picklepod.stop();
    throw error;
  }
  const row = JSON.parse(readFileSync(join(root, "models", BUNDLE, "row.json"), "utf8"));
  return {
    api: { url: picklepod.url, bundle: BUNDLE, row },
    stop: () => picklepod.stop(),
    defectsFound: () => {
      const defects = picklepod.defects();
      return defects > 0 ? [{ wrong: `the API's log has ${defects} defects`, sent: picklepod.lastWords() }] : [];
    },
  };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { short: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
  });
  const unknown = positionals.find((name) => !Object.hasOwn(fuzzers, name));
  if (unknown !== undefined)
    throw new Error(`There is no fuzzer ${unknown}; there are ${Object.keys(fuzzers).join(", ")}.`);
  const names = positionals.length > 0 ? positionals : undefined;
  const tell = (text) => process.stderr.write(`  ${text}\n`);
  const started = whatIsStarted();
  stopWhenTold(() => started.stopAll());
  const results = await fuzz({ ...values, seed: Number(values.seed), names, tell, also: started.add });
  for (const { name, cases, findings } of results)
    console.log(`${name.padEnd(12)} ${String(cases).padStart(8)} cases  ${findings.length} findings`);
  const found = results.flatMap(({ findings }) => findings);
  if (found.length === 0) return;
  const folder = join(root, ".picklepod/fuzz");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "findings.json"), JSON.stringify(found, undefined, 2));
  for (const { wrong } of found.slice(0, 20)) console.log(`  ${wrong}`);
  console.log(`What was sent stands in ${join(folder, "findings.json")}.`);
  process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) await main();

// Starts a server of the table, and waits until it answers.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { cache, peersFolder } from "../places.mjs";
import { environmentOf } from "./environment.mjs";
import { freePortsOf } from "./free-ports.mjs";
import { processFamily } from "./process-family.mjs";
import { hold, stop, wake } from "./signals.mjs";
import { wireFormats } from "./wire-formats.mjs";

const START_MS = 90_000;
const ANSWER_MS = 5_000;
const LOOK_MS = 25;

/** @throws Error that says, for the table, why it is not measured */
export async function startServer(entry, { bundle, row, tell }) {
  const python = entry.lock === undefined ? undefined : await environmentOf(entry.lock, entry.python, tell);
  const [port, ...freePorts] = await freePortsOf(3);
  const folder = join(cache, "run", entry.id);
  mkdirSync(folder, { recursive: true });
  const asked = { python, port, freePorts, folder, bundle };
  const environment = { ...process.env, ...variablesFor(bundle), ...entry.environment?.(asked) };
  entry.prepare?.({ ...asked, environment });
  const begun = performance.now();
  const { child, log } = spawned(entry.command(asked).map(String), environment, folder);
  const family = processFamily(child.pid);
  const server = { ...entry, family, ...addresses(port, entry), ...handles(family) };
  try {
    await firstAnswer(server, row, child, log);
    return { ...server, readyMs: performance.now() - begun, log };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const addresses = (port, { path }) => ({ url: `http://127.0.0.1:${port}${path}`, origin: `http://127.0.0.1:${port}` });
const handles = (family) => ({ stop: () => stop(family), hold: () => hold(family), wake: () => wake(family) });

/** One thread for numpy, as everywhere else here: a library that takes both cores takes the client's too. */
export const variablesFor = (bundle) => ({
  BUNDLE: bundle.folder,
  CATEGORIES: JSON.stringify(categoriesOf(bundle)),
  INPUTS: JSON.stringify([...bundle.inputs.keys()]),
  OPENBLAS_NUM_THREADS: "1",
  OMP_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  PYTHONPATH: peersFolder,
  DO_NOT_TRACK: "1",
});

function categoriesOf({ inputs }) {
  const categories = [...inputs].filter(([, { type }]) => type === "category");
  return Object.fromEntries(categories.map(([name, { values }]) => [name, values]));
}

function spawned([program, ...args], env, folder) {
  const log = join(folder, "log.txt");
  const output = openSync(log, "w");
  // A group of its own: Ctrl-C is ours to pass on.
  const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", output, output], detached: true });
  closeSync(output);
  return { child, log };
}

async function firstAnswer({ url, wire }, row, child, log) {
  let failed;
  child.on("error", (error) => (failed = error.message));
  child.on("exit", (code) => (failed ??= `it ended with code ${code}: ${lastWords(log)}`));
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: wireFormats[wire].encode(row),
  };
  for (const begun = performance.now(); performance.now() - begun < START_MS;) {
    if (failed !== undefined) throw new Error(`did not start: ${failed}`);
    const reply = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => undefined);
    await reply?.arrayBuffer().catch(() => undefined);
    if (reply?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`did not answer within ${START_MS / 1000} s: ${lastWords(log)}`);
}

const lastWords = (log) => readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" | ").slice(-300);

// Picklepod as a user starts it, and what the tests do to it.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { allocator } from "../../bench/servers/allocator.mjs";
import { freePortsOf } from "../../bench/servers/free-ports.mjs";
import { processFamily } from "../../bench/servers/process-family.mjs";
import { wake } from "../../bench/servers/signals.mjs";
import { root } from "../places.mjs";
import { ask } from "./ask.mjs";
import { until } from "./until.mjs";

/** The first start on a machine makes environments. */
const READY_MS = 600_000;
const END_MS = 20_000;

/**
 * Resolves when it listens; its bundles may still be on their way.
 * @param build the folder with main.js; within: a command that runs the one behind it, as `prlimit` does; also: told of it as soon as
 * it is spawned
 */
export async function startPicklepod({
  build,
  models,
  env = {},
  within = [],
  readyMs = READY_MS,
  also = () => undefined,
}) {
  const [free] = await freePortsOf(1);
  const port = String(env.PORT ?? free);
  const [program, ...args] = [...within, process.execPath, join(build, "main.js")];
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...allocator, MODELS: models.join(","), ...env, PORT: port },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [log, errors] = [[], []];
  createInterface(child.stdout).on("line", (line) => keep(log, line));
  createInterface(child.stderr).on("line", (line) => errors.push(line));
  const picklepod = handles(child, `http://127.0.0.1:${port}`, { log, errors, readyMs });
  also(picklepod);
  try {
    await until(60_000, "it listens", () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${picklepod.lastWords()}`);
      return log.some(({ msg }) => msg === `listening on ${picklepod.url}`) || undefined;
    });
  } catch (error) {
    await picklepod.stop();
    throw error;
  }
  return picklepod;
}

const ANSWERED = '"msg":"answered"}';

/** Of those that were answered there are thousands. */
function keep(log, line) {
  if (!line.endsWith(ANSWERED)) log.push(parsed(line));
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { msg: line };
  }
}

function handles(child, url, { log, errors, readyMs }) {
  const family = processFamily(child.pid);
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  const sidecarPids = () => log.filter(({ msg }) => /^sidecar \S+ listens$/.test(msg)).map(({ pid }) => pid);
  return {
    ...{ url, pid: child.pid, family, log, errors, ended, sidecarPids },
    sidecarPid: () => sidecarPids().at(-1),
    sidecarUrl: () => log.findLast(({ msg }) => /^sidecar \S+ listens$/.test(msg))?.url,
    kill: (signal) => child.kill(signal),
    ready: () => untilReady(url, readyMs),
    stop: () => stop(child, family, ended),
    rssMb: () => family.use().ownRssMb,
    files: () => readdirSync(`/proc/${child.pid}/fd`).length,
    defects: () => log.filter(({ level, msg }) => level >= 50 || /unhandled/i.test(msg)).length,
    lastWords: () => [...errors, ...log.slice(-5).map((line) => JSON.stringify(line))].join("\n").slice(-2_000),
  };
}

export const untilReady = (url, withinMs = READY_MS) =>
  until(withinMs, `${url} is ready`, async () => {
    const { status, text } = await ask(`${url}/readyz`);
    if (status === 200) return true;
    const states = Object.values(JSON.parse(text).models ?? {});
    if (states.some(({ state }) => state === "failed")) throw new Error(text);
    return undefined;
  });

async function stop(child, family, ended) {
  wake(family); // what is held cannot end
  if (child.exitCode === null) child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await ended;
  clearTimeout(late);
}

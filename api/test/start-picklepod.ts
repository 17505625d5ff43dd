import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { sha256 } from "../src/bundle/description";
import { project } from "../src/project";
import { readLines } from "../src/supervise/read-lines";
import { ask, json } from "../src/check/ask";

const ourMain = join(project.root, "dist", "main.js");

const trainedBy = ["exercise-26/train.py", "exercise-26/bundle.json", "synthetic/tabular.py", "synthetic/dice.py"];

/** Where the tests keep what exercise-26 trains, so that it trains once for all of them, and anew when its training changes. */
export const testState = join(project.cacheFolder, "test-state", trainingDigest().slice(0, 12));

function trainingDigest(): string {
  return sha256(trainedBy.map((file) => readFileSync(join(project.modelsFolder, file), "utf8")).join("\0"));
}

export interface Start {
  /** As the setting MODELS: names or folders. */
  readonly models: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Of the command line. */
  readonly args?: readonly string[];
  /** Of another project than this one. */
  readonly main?: string;
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** How it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An API process, from its start to its end, and the sidecars it started. */
export interface Picklepod {
  readonly pid: number;
  readonly log: readonly LogLine[];
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  /** Of every sidecar it ever started, the latest last. */
  readonly sidecarPids: () => number[];
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly stop: () => Promise<Ended>;
}

export interface Listening extends Picklepod {
  readonly url: string;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL"); // its sidecars end with their stdin
});

/** Starts `node dist/main.js` as a user would, on a free port. */
export function spawnPicklepod({ models, env = {}, args = [], main = ourMain }: Start): Picklepod {
  if (!existsSync(main)) throw new Error(`${main} is not there: npm run build`);
  const settings = { PORT: "0", MODELS: models.join(","), STATE_DIR: testState, ...env };
  const child = spawn(process.execPath, [main, ...args], {
    cwd: project.root,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const log: LogLine[] = [];
  const errors: string[] = [];
  readLines(child.stdout, (line) => {
    const said = asLogLine(line);
    if (said.msg !== "answered") log.push(said); // of those there are thousands
  });
  readLines(child.stderr, (line) => errors.push(line));
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  return {
    pid: child.pid ?? 0,
    log,
    stderr: () => errors.join("\n"),
    ended,
    kill,
    sidecarPids: () => log.filter(({ msg }) => /^sidecar \S+ listens$/.test(msg)).map((line) => Number(line["pid"])),
    stop: () => stopAtLast(ended, kill),
  };
}

function asLogLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}

async function stopAtLast(ended: Promise<Ended>, kill: (signal: NodeJS.Signals) => void): Promise<Ended> {
  kill("SIGTERM");
  const late = setTimeout(() => {
    kill("SIGKILL");
  }, 20_000);
  try {
    return await ended;
  } finally {
    clearTimeout(late);
  }
}

/** Started, and its port is open; its bundles may still be on their way. */
export async function startPicklepod(start: Start): Promise<Listening> {
  const picklepod = spawnPicklepod(start);
  let over: Ended | undefined;
  void picklepod.ended.then((ended) => (over = ended));
  const url = await until(60_000, "it listens", () => {
    if (over) throw new Error(`it ended with ${String(over.code ?? over.signal)}: ${said(picklepod)}`);
    return picklepod.log.map(({ msg }) => /^listening on (\S+)$/.exec(msg)?.[1]).find(Boolean);
  });
  return { ...picklepod, url };
}

/** Started, and every bundle is proved or has failed. The first start on a machine makes environments, which takes minutes. */
export async function startReady(start: Start): Promise<Listening> {
  const picklepod = await startPicklepod(start);
  try {
    await untilReady(picklepod);
  } catch (error) {
    await picklepod.stop();
    throw error;
  }
  return picklepod;
}

export async function untilReady(picklepod: Listening, timeoutMs = 900_000): Promise<void> {
  await until(timeoutMs, "it is ready", async () => {
    const answer = await ask(`${picklepod.url}/readyz`);
    if (answer.status === 200) return true;
    const told = json(answer) as { models: Record<string, { state: string }>; all_processes?: false };
    const states = Object.values(told.models);
    if (told.all_processes === false) return undefined;
    if (states.every(({ state }) => state === "failed" || state === "ready")) throw new Error(answer.text);
    return undefined;
  });
}

export const said = (picklepod: Picklepod): string =>
  [picklepod.stderr(), ...picklepod.log.slice(-20).map((line) => JSON.stringify(line))].join("\n");

/** Asks until there is an answer that is not undefined. */
export async function until<T>(
  timeoutMs: number,
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(50);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

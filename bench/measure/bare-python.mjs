// What importing the libraries and unpickling costs in a bare Python, and what the artifacts answer there.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { rowsFile } from "../servers/rows.mjs";

const PATIENCE_MS = 60_000;

/** {loadedMb, predictSeconds, answers}: answers are the probabilities of the first rows */
export const barePython = async (python, environment) => (await once(python, environment, rowsFile)).found;

/** Seconds until the artifacts are there. */
export const startBarePython = async (python, environment) => (await once(python, environment, "")).readySeconds;

async function once(python, env, file) {
  const begun = performance.now();
  const child = spawn(python, [join(import.meta.dirname, "bare_python.py")], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  try {
    const ended = new Promise((resolve) => child.once("close", resolve));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    if (value !== "ready") throw new Error(`the artifacts could not be loaded by ${python}`);
    const readySeconds = (performance.now() - begun) / 1000;
    child.stdin.end(`${file}\n`);
    const last = file === "" ? undefined : (await lines.next()).value;
    await ended;
    return { readySeconds, found: last && JSON.parse(last) };
  } finally {
    clearTimeout(timer);
  }
}

// An environment for each lock, made once, beside nothing else.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { cache, findPython, findUv, peersFolder } from "../places.mjs";

const run = promisify(execFile);
/** Ray and MLflow bring some 300 MB each. */
const INSTALL_MS = 5 * 60_000;

const lockOf = (name, locks = peersFolder) => join(locks, `${name}.lock`);

/**
 * The Python of an environment that holds what `<locks>/<name>.lock` lists, and nothing else.
 * @throws Error that says, in a sentence, why it cannot be had
 */
export async function environmentOf(name, minor, tell, locks = peersFolder) {
  const lock = lockOf(name, locks);
  const digest = createHash("sha256").update(readFileSync(lock)).digest("hex").slice(0, 16);
  const folder = join(cache, `${name}-${digest}`);
  const python = join(folder, "bin/python");
  const whole = join(folder, "installed");
  if (existsSync(whole)) return python;
  tell(`installing ${name} under Python ${minor}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  try {
    await install(folder, python, minor, lock);
  } catch (error) {
    throw new Error(`could not be installed: ${lastLine(error.stderr || error.message)}`, { cause: error });
  }
  writeFileSync(whole, "");
  return python;
}

async function install(folder, python, minor, lock) {
  const uv = await findUv();
  // Compiled once, for everybody, whatever the caller's shell says: a server must not pay for that in every start.
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "" };
  await run(uv, ["venv", "-q", "-p", await findPython(minor), folder], { timeout: INSTALL_MS, env });
  const options = ["-q", "-p", python, "--compile-bytecode", "--require-hashes", "--only-binary", ":all:"];
  await run(uv, ["pip", "sync", ...options, lock], { timeout: INSTALL_MS, cwd: "/", env });
}

const lastLine = (text) => text.trim().split("\n").at(-1);

/** `name version` of what the peer's own requirements ask for, as locked. */
export function versionsOf(name) {
  const asked = readFileSync(join(peersFolder, `${name}.txt`), "utf8").match(/^[\w-]+/gm);
  const locked = readFileSync(lockOf(name), "utf8");
  return asked.map((each) => `${each} ${locked.match(new RegExp(`^${each}==([^\\s;]+)`, "m"))[1]}`);
}

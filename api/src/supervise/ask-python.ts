import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import type { Variables } from "./log";
import type { RunCommand } from "./run-command";
import { installerVariables } from "./child-variables";

/** An interpreter that was really run. path is what it says of itself: behind a shim, the true one. */
export interface Python {
  path: string;
  version: string;
}

const question = [
  "import json, platform, sys",
  "print(json.dumps([sys.executable, platform.python_version(), platform.python_implementation()]))",
].join("\n");

/** Runs it, for a program of the right name may be a shim that fails, another minor, PyPy, or broken. */
export async function askPython(program: string, env: Variables, run: RunCommand): Promise<Python | undefined> {
  const answer = await run({ program, args: ["-I", "-c", question], env: installerVariables(env), timeoutMs: 10_000 });
  if (!answer.ok) return undefined;
  try {
    const [path, version, implementation] = JSON.parse(answer.output) as [string, string, string];
    return implementation === "CPython" && path !== "" ? { path, version } : undefined;
  } catch {
    return undefined;
  }
}

/** Every program of these names on PATH, name by name. */
export async function onPath(names: readonly string[], env: Variables): Promise<string[]> {
  const folders = (env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  const candidates = names.flatMap((name) => [...new Set(folders)].map((folder) => join(folder, name)));
  const present = await Promise.all(candidates.map(isFile));
  return candidates.filter((_, index) => present[index]);
}

/** pyenv's interpreters of these minors ("3.9"), the newest first: its shims fail when asked for one that is not chosen. */
export async function inPyenv(isWanted: (minor: string) => boolean, env: Variables): Promise<string[]> {
  const versions = join(pyenvRoot(env), "versions");
  const folders = await readdir(versions).catch(() => []);
  return folders
    .map((name) => /^(\d+\.\d+)\.(\d+)$/.exec(name))
    .filter((match) => match !== null)
    .filter(([, minor = ""]) => isWanted(minor))
    .sort(([, , a], [, , b]) => Number(b) - Number(a))
    .map(([name]) => join(versions, name, "bin", "python"));
}

const pyenvRoot = (env: Variables) => env["PYENV_ROOT"] ?? join(env["HOME"] ?? homedir(), ".pyenv");

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

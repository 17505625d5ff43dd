import { join } from "node:path";
import { askPython, inPyenv, onPath, type Python } from "./ask-python";
import { CannotPrepare, isUsualPlatform } from "./cannot-prepare";
import { installerVariables } from "./child-variables";
import type { Log, Variables } from "./log";
import { MINORS } from "./minors";
import { runCommand, type RunCommand } from "./run-command";
import { uvProgress } from "./uv-progress";

export interface FindPythonOptions {
  env: Variables;
  log: Log;
  /** Where a Python that uv fetches is kept. */
  cacheDir: string;
  /** Who needs it: for the message. */
  bundles: readonly string[];
  /** Asked for only when nothing on this machine fits. */
  uv: () => Promise<{ path: string }>;
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  run?: RunCommand;
}

/** An interpreter of that minor: one on this machine, else one that uv can fetch. Throws CannotPrepare. */
export async function findPython(minor: string, options: FindPythonOptions): Promise<Python> {
  const { run = runCommand } = options;
  return (await findInstalledPython(minor, options)) ?? fromUv(minor, { ...options, run });
}

/** One that is on PATH or pyenv's. */
export async function findInstalledPython(
  minor: string,
  { env, log, signal, run = runCommand }: Pick<FindPythonOptions, "env" | "log" | "signal" | "run">,
): Promise<Python | undefined> {
  const here = [
    () => onPath([`python${minor}`], env),
    () => inPyenv((found) => found === minor, env),
    () => onPath(["python3", "python"], env),
  ];
  for (const candidates of here) {
    for (const program of await candidates()) {
      signal?.throwIfAborted();
      const python = await askPython(program, env, run);
      log.debug({ program, python }, `asked ${program} for its version`);
      if (python !== undefined && isOfMinor(python, minor)) return python;
    }
  }
  return undefined;
}

/** uv knows its own Pythons, of which none need be on PATH, and can fetch one where there is a way out. */
async function fromUv(minor: string, options: FindPythonOptions & { run: RunCommand }): Promise<Python> {
  const { env, run, signal, onProgress } = options;
  const uv = await options.uv().catch(async (error: unknown) => {
    signal?.throwIfAborted();
    throw await notFound(minor, options, error instanceof CannotPrepare ? error.problem : (error as Error).message);
  });
  const present = await findUvsPython(uv.path, minor, { ...options, run });
  if (present) return present;
  onProgress?.(`Python ${minor} is not on this machine; fetching it with uv`);
  const args = ["python", "install", "--no-bin", minor];
  const onLine = onProgress && uvProgress(onProgress, `Python ${minor}`);
  const ours = ownPythons(env, options.cacheDir);
  const fetched = await run({ program: uv.path, args, env: ours, timeoutMs: 300_000, onLine, signal });
  signal?.throwIfAborted();
  if (!fetched.ok) throw await notFound(minor, options, lastLine(fetched.errors));
  const python = await findUvsPython(uv.path, minor, { ...options, run });
  if (python === undefined) throw await notFound(minor, options, "what it fetched does not run");
  return python;
}

const ownPythons = (env: Variables, cacheDir: string): Record<string, string> => ({
  ...installerVariables(env),
  UV_PYTHON_INSTALL_DIR: join(cacheDir, "pythons"),
});

/** One that uv has fetched before: for its user, or for us. */
export async function findUvsPython(
  uv: string,
  minor: string,
  { env, cacheDir, signal, run = runCommand }: Pick<FindPythonOptions, "env" | "cacheDir" | "signal" | "run">,
): Promise<Python | undefined> {
  const args = ["python", "find", "--managed-python", minor];
  for (const variables of [installerVariables(env), ownPythons(env, cacheDir)]) {
    const found = await run({ program: uv, args, env: variables, timeoutMs: 20_000, signal });
    const python = found.ok ? await askPython(found.output.trim(), env, run) : undefined;
    if (python !== undefined && isOfMinor(python, minor)) return python;
  }
  return undefined;
}

async function notFound(minor: string, options: FindPythonOptions, uvSaid: string): Promise<CannotPrepare> {
  const { env, bundles } = options;
  const pyenv = join(env["PYENV_ROOT"] ?? "~/.pyenv", "versions");
  return new CannotPrepare(
    `Python ${minor} is missing; ${bundles.join(", ")} ${bundles.length === 1 ? "needs" : "need"} it. ` +
      `Looked for python${minor}, python3 and python on PATH and in ${pyenv}; uv could not fetch it: ${uvSaid}. ${await whatIsHere(options)}`,
    `To get it: \`uv python install ${minor}\`, or \`pyenv install ${minor}\`, or run \`docker compose up\`, which brings its own` +
      (isUsualPlatform() ? "." : " (with platform: linux/amd64, for some wheels exist for x86-64 Linux only)."),
    "python",
  );
}

async function whatIsHere(options: FindPythonOptions): Promise<string> {
  const here: string[] = [];
  for (const minor of MINORS) if (await findInstalledPython(minor, options)) here.push(minor);
  return here.length === 0 ? "No other Python is here" : `Here are Python ${here.join(", ")}`;
}

const isOfMinor = ({ version }: Python, minor: string) => version.startsWith(`${minor}.`);
const lastLine = (text: string) =>
  text
    .trim()
    .split("\n")
    .at(-1)
    ?.replace(/^\s*cause:\s*/, "") ?? "";

import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { askPython, inPyenv, onPath } from "./ask-python";
import { CannotPrepare } from "./cannot-prepare";
import { installerVariables } from "./child-variables";
import { withLock } from "./lock-file";
import type { Log, Variables } from "./log";
import { runCommand, type RunCommand } from "./run-command";

export interface Uv {
  path: string;
  version: string;
}

export interface FindUvOptions {
  env: Variables;
  log: Log;
  cacheDir: string;
  /** A requirements file with the hashes of every platform's wheel: sidecar/locks/uv.txt. */
  requirements: string;
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  run?: RunCommand;
}

/** The first with all that is asked of it here (`venv --relocatable`, `pip sync --require-hashes`) and newest Pythons. */
const oldest = [0, 5];

/** uv from PATH, else our pinned one, which pip installs into the cache once. Throws CannotPrepare. */
export async function findUv(options: FindUvOptions): Promise<Uv> {
  const { run = runCommand } = options;
  const present = await findPresentUv(options);
  if (present) return present;
  const folder = await ownFolder(options);
  const again = () => askUv(join(folder, "bin", "uv"), options.env, run);
  return withLock(`${folder}.lock`, async () => (await again()) ?? installUv(folder, { ...options, run }), options);
}

/** One that is there already: on PATH, where its own installer puts it, or ours. */
export async function findPresentUv(options: FindUvOptions): Promise<Uv | undefined> {
  const { env, run = runCommand } = options;
  // Where uv's own installer puts it, which a new shell has on PATH and the present one may not.
  const usual = join(env["HOME"] ?? homedir(), ".local", "bin", "uv");
  for (const program of [...(await onPath(["uv"], env)), usual]) {
    const uv = await askUv(program, env, run);
    if (uv !== undefined) return uv;
  }
  return askUv(join(await ownFolder(options), "bin", "uv"), env, run);
}

async function ownFolder({ cacheDir, requirements }: FindUvOptions): Promise<string> {
  const pinned = createHash("sha256").update(await readFile(requirements));
  return join(cacheDir, "uv", pinned.digest("hex").slice(0, 16));
}

async function askUv(program: string, env: Variables, run: RunCommand): Promise<Uv | undefined> {
  const answer = await run({ program, args: ["--version"], env: installerVariables(env), timeoutMs: 10_000 });
  const version = answer.ok ? /^uv (\d+)\.(\d+)\.\d+/.exec(answer.output) : null;
  if (version === null) return undefined;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const isNewEnough = major > (oldest[0] ?? 0) || (major === oldest[0] && minor >= (oldest[1] ?? 0));
  return isNewEnough ? { path: program, version: version[0].slice("uv ".length) } : undefined;
}

async function installUv(folder: string, options: FindUvOptions & { run: RunCommand }): Promise<Uv> {
  const { env, run, signal, requirements, onProgress } = options;
  const python = await pythonWithPip(options);
  onProgress?.("Installing uv, which makes the Python environments");
  const draft = `${folder}.making-${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  const args = "-m pip install --no-input --no-deps --disable-pip-version-check --require-hashes --only-binary :all:";
  const outcome = await run({
    program: python,
    args: [...args.split(" "), "--target", draft, "--requirement", requirements],
    env: installerVariables(env),
    timeoutMs: 600_000,
    signal,
  });
  signal?.throwIfAborted();
  if (!outcome.ok) {
    await rm(draft, { recursive: true, force: true });
    throw noUv(`pip could not install it:\n${outcome.errors}`);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  const uv = await askUv(join(folder, "bin", "uv"), env, run);
  if (uv === undefined) throw noUv(`pip installed it into ${folder}, but it does not run`);
  return uv;
}

/** Throws CannotPrepare. */
export async function pythonWithPip({ env, log, signal, run = runCommand }: FindUvOptions): Promise<string> {
  const programs = [...(await onPath(["python3", "python"], env)), ...(await inPyenv(isNewEnoughForUv, env))];
  const found: string[] = [];
  for (const program of programs) {
    signal?.throwIfAborted();
    const python = await askPython(program, env, run);
    if (python === undefined || !isNewEnoughForUv(python.version)) continue;
    found.push(python.path);
    const args = ["-m", "pip", "--version"];
    const pip = await run({ program: python.path, args, env: installerVariables(env), timeoutMs: 20_000, signal });
    log.debug({ python, pip: pip.ok }, `asked ${python.path} for pip`);
    if (pip.ok) return python.path;
  }
  throw found.length === 0
    ? noUv("no Python from 3.8 was found to install it with")
    : noUv(`${[...new Set(found)].join(" and ")} cannot install it, having no pip`);
}

const isNewEnoughForUv = (version: string) => /^3\.([89]|[1-9]\d)(\.|$)/.test(version);

const noUv = (why: string) =>
  new CannotPrepare(
    `uv, which makes the Python environments, is not on PATH, and ${why}`,
    "Install uv (`pipx install uv`, `brew install uv`, or as its own page says), or give a Python pip (`apt install python3-pip`), " +
      "or run `docker compose up`, which needs neither.",
  );

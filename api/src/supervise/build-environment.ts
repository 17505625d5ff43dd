import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { installerVariables } from "./child-variables";
import type { EnvironmentRequest } from "./environments";
import { findPython } from "./find-python";
import { findUv } from "./find-uv";
import { installationFailure } from "./installation-failure";
import { processStart } from "./process-start";
import { runCommand } from "./run-command";
import { uvProgress } from "./uv-progress";

/** Downloads on a slow line take their time; what hangs for good must still end. */
const longest = 30 * 60_000;

/** Makes the environment in a folder beside its place, then renames it. The caller holds its lock. */
export async function buildEnvironment(folder: string, request: EnvironmentRequest): Promise<void> {
  const { bundles, onProgress, log } = request;
  const began = performance.now();
  const cacheDir = resolve(request.cacheDir);
  const uv = (): ReturnType<typeof findUv> =>
    findUv({ ...request, cacheDir, requirements: resolve(request.uvRequirements) });
  const python = await findPython(request.python, { ...request, cacheDir, uv });
  const what = `The environment for ${bundles.join(", ")} (Python ${python.version})`;
  onProgress?.(`${what} is being made; this is done once`);
  const draft = `${folder}.making-${process.pid}-${randomUUID().slice(0, 8)}`;
  await removeLeftovers(folder);
  try {
    await install({ what, uv: (await uv()).path, python: python.path, draft, request });
    await rm(folder, { recursive: true, force: true }); // one whose interpreter is gone
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const seconds = Number(((performance.now() - began) / 1000).toFixed(1));
  log.debug({ folder, python, seconds }, "environment made");
  onProgress?.(`${what} is ready after ${seconds} s`);
}

interface Installation {
  what: string;
  uv: string;
  python: string;
  draft: string;
  request: EnvironmentRequest;
}

/** The model's packages stand in the environment; the sidecar's own beside it, where they cannot take the place of one. */
async function install({ what, uv, python, draft, request }: Installation): Promise<void> {
  const onLine = request.onProgress && uvProgress(request.onProgress, request.bundles.join(", "));
  const env = installerVariables(request.env);
  const run = async (args: readonly string[]) => {
    const outcome = await runCommand({ program: uv, args, env, timeoutMs: longest, onLine, signal: request.signal });
    request.signal?.throwIfAborted();
    if (!outcome.ok) throw installationFailure(what, outcome.errors);
  };
  const own = join(draft, "bin", "python");
  const exactly = ["--python", own, "--require-hashes", "--only-binary", ":all:"];
  const target = join(draft, "sidecar-packages");
  await mkdir(dirname(draft), { recursive: true });
  await run(["venv", "--no-project", "--relocatable", "--python", python, draft]);
  await run(["pip", "sync", ...exactly, resolve(request.lock)]);
  await run(["pip", "install", ...exactly, "--no-deps", "--target", target, "-r", resolve(request.sidecarLock)]);
  const { signal } = request;
  await runCommand({ program: own, args: ["-m", "compileall", ...COMPILED, draft], env, timeoutMs: longest, signal });
  signal?.throwIfAborted();
}

/**
 * Whoever loads artifacts may not write here, so each start would compile its packages anew, which takes scikit-learn and pandas
 * 4 s. All but their tests; that some files are none of this Python's is nobody's fault, as nobody imports them.
 */
const COMPILED = ["-q", "-j", "0", "-x", String.raw`[/\\]tests?[/\\]`];

/** From processes that were killed while they built. A running one's are left alone. */
async function removeLeftovers(folder: string): Promise<void> {
  const draft = new RegExp(`^${basename(folder).replaceAll(".", "\\.")}\\.making-(\\d+)-`);
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    const pid = Number(draft.exec(name)?.[1]);
    if (pid > 0 && processStart(pid) === undefined)
      await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/**
 * A .pth appends its folders to sys.path, so the model's own packages win over the sidecar's. Written at every start:
 * the project may have been moved since. In the environment it is a relative path, which a rename does not break.
 */
export async function pointAtSidecar(folder: string, request: EnvironmentRequest): Promise<void> {
  const library = join(folder, "lib", `python${request.python}`, "site-packages");
  const path = join(library, "picklepod.pth");
  const text = `${join("..", "..", "..", "sidecar-packages")}\n${resolve(request.sidecarRoot)}\n`;
  if ((await readFile(path, "utf8").catch(() => "")) === text) return;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text);
  await rename(draft, path);
}

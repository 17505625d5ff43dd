import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildEnvironment, pointAtSidecar } from "./build-environment";
import { CannotPrepare } from "./cannot-prepare";
import { withLock } from "./lock-file";
import type { Log, Variables } from "./log";
import { takeTurns } from "./take-turns";

export interface EnvironmentRequest {
  /** major.minor */
  python: string;
  /** The bundles' lock, with hashes. */
  lock: string;
  /** The lock of the sidecar's own packages for this Python. */
  sidecarLock: string;
  /** The folder that holds picklepod_sidecar. */
  sidecarRoot: string;
  /** sidecar/locks/uv.txt */
  uvRequirements: string;
  cacheDir: string;
  /** Who it is for: for the messages. */
  bundles: readonly string[];
  env: Variables;
  log: Log;
  /** A line for a person at a terminal. Nothing is said when there is nothing to make. */
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface Environment {
  /** bin/python of the environment: `python -m picklepod_sidecar` works from any folder. */
  python: string;
  folder: string;
}

/** More at once would share the same network and the same disk. */
const inTurn = takeTurns(2);

/**
 * The environment of this Python and these locks: made once, then found. It is built beside its place and renamed into
 * it, so what stands there is whole. Throws CannotPrepare.
 */
export async function prepareEnvironment(request: EnvironmentRequest): Promise<Environment> {
  const folder = await placeOf(request);
  const environment = { folder, python: join(folder, "bin", "python") };
  const build = async () => {
    if (await isWhole(environment)) return; // by the one that was waited for
    await inTurn(() => buildEnvironment(folder, request));
  };
  if (!(await isWhole(environment))) await withLock(`${folder}.lock`, build, { ...request, onWait: tellWait(request) });
  await pointAtSidecar(folder, request);
  return environment;
}

/** The one that is there already, if it is. */
export async function findEnvironment(request: EnvironmentRequest): Promise<Environment | undefined> {
  const folder = await placeOf(request);
  const environment = { folder, python: join(folder, "bin", "python") };
  return (await isWhole(environment)) ? environment : undefined;
}

/** The same locks need the same environment, wherever they lie. */
async function placeOf({ python, lock, sidecarLock, cacheDir }: EnvironmentRequest): Promise<string> {
  const locks = createHash("sha256");
  for (const path of [lock, sidecarLock]) {
    const text = await readFile(path).catch(() => {
      throw new CannotPrepare(`There is no lock ${path}.`, noLock(path === lock, python));
    });
    locks.update(`${text.length}\n`).update(text);
  }
  return resolve(cacheDir, "environments", `${python}-${locks.digest("hex").slice(0, 16)}`);
}

const noLock = (isOfBundle: boolean, python: string) =>
  isOfBundle
    ? "Make it with `picklepod pin <the bundle's folder>`."
    : `The sidecar does not run on Python ${python}: name another one in the bundle's model.yaml.`;

/** False too when its interpreter was uninstalled: bin/python then is a link to nothing. */
const isWhole = ({ python }: Environment) =>
  stat(python).then(
    () => true,
    () => false,
  );

const tellWait = (request: EnvironmentRequest) => (pid: number) =>
  request.onProgress?.(`Waiting for process ${pid}, which is making the environment for ${request.bundles.join(", ")}`);

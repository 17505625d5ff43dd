import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, totalmem } from "node:os";

import { makeFolder } from "../../make-folder";
import { project } from "../../project";
import type { Settings } from "../../settings";
import { type DoctorLine, missing, ok, warn } from "./doctor-line";
import type { Needs } from "./needs";

const [MB, GB] = [1024 ** 2, 1024 ** 3];

export function examineNode(): DoctorLine {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isNewEnough = major > 20 || (major === 20 && minor >= 19);
  const told = `${process.version} at ${process.execPath}`;
  return isNewEnough ? ok("Node", told) : missing("Node", told, "Install Node 20.19 or newer");
}

export async function examineFolders({ STATE_DIR }: Settings): Promise<DoctorLine[]> {
  const cache = await examineFolder("cache folder", project.cacheFolder, "Give this user the right to write there");
  const state = await examineFolder(
    "state folder",
    STATE_DIR,
    "Give this user the right to write there, or set STATE_DIR",
  );
  return [cache, state, await examineSpace()];
}

async function examineFolder(what: string, folder: string, remedy: string): Promise<DoctorLine> {
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
    return ok(what, `${folder} can be written`);
  } catch (error) {
    return missing(what, `${folder} cannot be written: ${(error as Error).message}`, remedy);
  }
}

/** An environment takes a few hundred megabytes; one with a GPU's libraries, gigabytes. */
async function examineSpace(): Promise<DoctorLine> {
  const free = await freeBytes(project.cacheFolder);
  if (free === undefined) return warn("disk", "its free room is not known", "");
  const told = `${(free / GB).toFixed(1)} GB free for ${project.cacheFolder}`;
  const remedy = "Make room: folders in .picklepod/environments that no bundle uses any more can be removed";
  if (free < 300 * MB) return missing("disk", told, remedy);
  return free < 2 * GB ? warn("disk", told, remedy) : ok("disk", told);
}

const freeBytes = (folder: string): Promise<number | undefined> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );

export async function examinePorts(
  { PORT, HOST, SEED_PORTS }: Settings,
  { bundles, selected }: Needs,
): Promise<DoctorLine[]> {
  const own = bundles.filter(({ name }) => SEED_PORTS && selected.has(name));
  const seeds = own.flatMap(({ name, manifest }) => {
    const { port } = manifest.contract;
    return port === undefined ? [] : [{ port, what: `port ${port} (${name})` }];
  });
  const wanted = [{ port: PORT, what: `port ${PORT}` }, ...seeds].filter(({ port }) => port !== 0);
  return Promise.all(
    wanted.map(async ({ port, what }) => {
      const fault = await listenFault(port, HOST);
      if (fault === undefined) return ok(what, `free on ${HOST}`);
      return missing(
        what,
        `cannot be listened on: ${fault}`,
        "Stop what uses it, or choose another: PORT, --port, or contract.port",
      );
    }),
  );
}

const listenFault = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen(port, host, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });

/** Two sockets a caller, and one for each of its calls' way to the sidecar. */
const ENOUGH_FILES = 1024;

export async function examineLimits(): Promise<DoctorLine[]> {
  const files = openFiles();
  const remedy = `ulimit -n ${4 * ENOUGH_FILES}, or LimitNOFILE in the service's unit`;
  const filesLine =
    files === undefined || files >= ENOUGH_FILES
      ? ok("open files", files === undefined ? "no limit is known" : `up to ${files}`)
      : warn("open files", `up to ${files}: callers beyond them are refused`, remedy);
  const shared = process.platform === "linux" ? await freeBytes("/dev/shm") : undefined;
  const machine = ok(
    "machine",
    `${availableParallelism()} CPUs, ${(totalmem() / GB).toFixed(1)} GB of memory, ${process.platform} ${process.arch}`,
  );
  if (process.platform !== "linux") return [machine, filesLine];
  const small = shared === undefined ? "is not there" : `${Math.round(shared / MB)} MB free`;
  const sharedLine =
    shared !== undefined && shared >= 16 * MB
      ? ok("/dev/shm", small)
      : warn("/dev/shm", small, "Models that share memory between processes need it: --shm-size of the container");
  return [machine, filesLine, sharedLine];
}

/** Node asks for the most that it may have at its start. */
function openFiles(): number | undefined {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : undefined;
}

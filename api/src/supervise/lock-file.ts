import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { processStart } from "./process-start";
import { sleep } from "./sleep";

export interface LockOptions {
  /** Called once, with who holds it, when there is somebody to wait for. */
  onWait?: ((pid: number) => void) | undefined;
  signal?: AbortSignal | undefined;
  pollMs?: number;
}

interface Holder {
  pid: number;
  start: string | undefined;
  host: string;
  token: string;
}

/** A holder on another machine (a folder on a network, or in a container's volume) cannot be looked at: it counts for so long. */
const foreignLockMs = 15 * 60_000;

/**
 * Runs work while no other process, nor any other call in this one, does so under the same lock file. A lock whose
 * process is gone is broken. What is guarded must stay correct without the lock: it saves doing things twice.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const mine: Holder = { pid: process.pid, start: processStart(process.pid), host: hostname(), token: randomUUID() };
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await take(path, mine))) {
    const holder = await readHolder(path);
    if (holder === undefined) continue; // let go in between
    if (await isStale(path, holder)) {
      await breakLock(path, holder);
      continue;
    }
    if (!told) options.onWait?.(holder.pid);
    told = true;
    await sleep(options.pollMs ?? 200, options.signal);
  }
  try {
    return await work();
  } finally {
    if ((await readHolder(path))?.token === mine.token) await rm(path, { force: true });
  }
}

/** A link appears with its content in one go; a file that is created exclusively is empty for a moment. */
async function take(path: string, mine: Holder): Promise<boolean> {
  const draft = `${path}.${mine.token}`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, start: undefined, host: hostname(), token: "" }; // not ours, or damaged: nobody holds it
  }
}

async function isStale(path: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname()) return holder.pid === 0 || processStart(holder.pid) !== holder.start;
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  return age > foreignLockMs;
}

/** Moved aside first: of several who break the same lock, one does, and none takes a lock that came after it. */
async function breakLock(path: string, stale: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  if (moved?.token !== stale.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

import cluster, { type Worker } from "node:cluster";

import type { Bundle } from "../bundle/read-bundles";
import type { StartSidecars } from "../pod";
import type { Log } from "../supervise/log";
import type { SidecarNews } from "./sidecar-news";

export interface PrimaryOptions {
  readonly workers: number;
  readonly drainTimeoutMs: number;
  readonly startSidecars: StartSidecars;
  readonly log: Log;
}

/** A worker that ends by itself is followed by another after this. */
const PAUSE_MS = 1_000;
/** What a worker needs beyond the drain to end. */
const LATE_MS = 3_000;

/** Keeps the sidecars and the workers, which share the port; answers nothing itself. */
export function runPrimary(bundles: readonly Bundle[], options: PrimaryOptions): void {
  const { log } = options;
  const news = new Map<string, SidecarNews>();
  const tell = (message: SidecarNews): void => {
    // Where a sidecar is, and its last state, is all that a new worker has to know of it.
    if (message.kind === "listening" || message.state.kind !== "running")
      news.set(`${message.bundle} ${message.number}`, message);
    for (const worker of workersAlive()) worker.send(message);
  };
  const sidecars = options.startSidecars(bundles, {
    onListening: ({ name }, url, number) => {
      tell({ kind: "listening", bundle: name, number, url });
    },
    onState: ({ name }, state, number) => {
      tell({ kind: "state", bundle: name, number, state });
    },
  });
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ why, workers: options.workers }, `${why}: the workers answer what they accepted, then all ends`);
    void endWorkers(options.drainTimeoutMs + LATE_MS).then(() => sidecars.stop());
  };
  // Where one has, what keeps another from it is of the moment: the machine was short of memory, say.
  let hasAnyListened = false;
  const start = (): void => {
    const worker = cluster.fork();
    worker.on("online", () => {
      for (const message of news.values()) worker.send(message);
    });
    worker.on("listening", () => (hasAnyListened = true));
    worker.on("exit", (code, signal) => {
      if (stopping) return;
      log.error({ pid: worker.process.pid, code, signal }, "a worker has ended");
      if (hasAnyListened) setTimeout(again, PAUSE_MS);
      else {
        process.exitCode = 1; // it has told why
        stop("A worker could not start");
      }
    });
  };
  const again = (): void => {
    if (!stopping) start();
  };
  // Each worker accepts for itself: a connection that the primary has handed to a worker just killed would hang for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  process.on("SIGTERM", stop).on("SIGINT", stop);
  for (let i = 0; i < options.workers; i += 1) start();
}

const workersAlive = (): Worker[] =>
  Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker?.isConnected() === true);

async function endWorkers(withinMs: number): Promise<void> {
  const workers = Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker !== undefined);
  const late = setTimeout(() => {
    for (const worker of workers) worker.process.kill("SIGKILL");
  }, withinMs);
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve) => {
          worker.once("exit", () => {
            resolve();
          });
          worker.process.kill("SIGTERM");
        }),
    ),
  );
  clearTimeout(late);
}

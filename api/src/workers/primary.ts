import cluster, { type Worker } from "node:cluster";

import type { ReloadOutcome } from "../control/reload-route";
import { endProcess } from "../end-process";
import type { Log } from "../supervise/log";
import type { ToWorker } from "./messages";
import { tellWorkersOfAll } from "./metrics-of-all";
import { answerOf } from "./reload-answer";
import { onWorkerMessage, type ToldWorkers } from "./told-workers";

export interface PrimaryOptions {
  readonly workers: number;
  readonly drainTimeoutMs: number;
  /** What the workers are given of the environment besides all that this process was. */
  readonly workerEnv: Readonly<Record<string, string>>;
  readonly told: ToldWorkers;
  readonly reload: (who: string) => Promise<readonly ReloadOutcome[]>;
  /** Ends the sidecars. */
  readonly stop: () => Promise<void>;
  readonly log: Log;
}

/** A worker that ends by itself is followed by another after this. */
const PAUSE_MS = 1_000;
/** What a worker needs beyond the drain to end. */
const LATE_MS = 3_000;

/** Keeps the workers, which share the port; answers nothing itself. Ends all of them when it is called, and then the sidecars. */
export function keepWorkers(options: PrimaryOptions): (why: string) => void {
  const { log, told } = options;
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ why, workers: options.workers }, `${why}: the workers answer what they accepted, then all ends`);
    void endProcess(endWorkers(options.drainTimeoutMs + LATE_MS).then(options.stop), log);
  };
  // Where one has, what keeps another from it is of the moment: the machine was short of memory, say.
  let hasAnyListened = false;
  const start = (): void => {
    const worker = cluster.fork(options.workerEnv);
    worker.setMaxListeners(0); // one for each swap that it has still to answer
    worker.on("online", () => {
      told.welcome(worker);
    });
    // what is written to one that is ending; without a listener it would end this process
    worker.on("error", (error) => {
      log.warn({ err: error, pid: worker.process.pid }, "a worker could not be told");
    });
    worker.on("listening", () => (hasAnyListened = true));
    worker.on("exit", (code, signal) => {
      if (stopping) return;
      told.tellIfAllReady();
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
  cluster.setupPrimary({ serialization: "advanced" }); // a set of bundles holds maps
  tellWorkersOfAll();
  onWorkerMessage((message, worker) => {
    if (message.kind === "ready") told.heardReady(worker);
    if (message.kind === "reload") void answerReload(options, worker, message.asked);
  });
  for (let i = 0; i < options.workers; i += 1) start();
  return stop;
}

async function answerReload({ reload, log }: PrimaryOptions, worker: Worker, asked: number): Promise<void> {
  const answer = await answerOf(reload("POST /admin/reload"));
  if ("defect" in answer) log.error({ err: answer.defect }, "the bundles could not be read again");
  if (worker.isConnected()) worker.send({ kind: "reloaded", asked, answer } satisfies ToWorker);
}

async function endWorkers(withinMs: number): Promise<void> {
  // one that is dead is listed until its channel is closed as well, and tells its end to nobody any more
  const workers = Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker?.isDead() === false); // prettier-ignore
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

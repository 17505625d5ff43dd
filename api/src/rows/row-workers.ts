import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import type { Bundle } from "../bundle/read-bundles";
import { retrySoon } from "../jittered";
import { memoryShare } from "../memory-size";
import { Problem } from "../problems";
import { project } from "../project";
import type { RowChunk } from "./row-chunk";
import { ThreadWatch } from "./thread-watch";
import type { BodyToRead, FromWorker, ToWorker, WorkerBounds } from "./worker-messages";

/** What happens to a body that a worker reads. */
export interface BodyEvents {
  readonly onChunk: (chunk: RowChunk) => void;
  readonly onTaken: (bytes: number) => void;
  readonly onDone: () => void;
  readonly onError: (error: unknown) => void;
}

/** A body in its worker's hands. */
export interface BodyAtWorker {
  readonly send: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly end: () => void;
  readonly credit: () => void;
  readonly close: () => void;
}

/** The main thread and what else runs here need a CPU too. */
const MOST_WORKERS = Math.max(1, Math.min(4, availableParallelism() - 1));

const bounds: WorkerBounds = { mostUnfinishedBytes: memoryShare() / MOST_WORKERS };

/** A body that makes a worker grow beyond this ends the worker, and not the process. */
const MOST_HEAP_MB = 1024;

const isBuilt = !__filename.endsWith(".ts");
const workerFile = join(__dirname, isBuilt ? "row-worker.js" : "row-worker.ts");
const execArgv = isBuilt ? [] : ["-r", join(project.root, "api", "test", "run-typescript.cjs")];

class RowWorker {
  readonly bodies = new Map<number, BodyEvents>();
  readonly worker = new Worker(workerFile, {
    execArgv,
    workerData: bounds,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
  private readonly known = new Set<number>();
  private readonly watch = new ThreadWatch({
    ask: () => {
      this.tell({ kind: "ask" });
    },
    onHung: () => void this.worker.terminate(), // its end is told, and another takes its place
  });

  constructor(onExit: (ended: RowWorker) => void) {
    this.worker.on("message", (message: FromWorker) => {
      this.hear(message);
    });
    // An uncaught error ends the worker: what follows is said of its end.
    this.worker.on("error", () => undefined);
    this.worker.on("exit", () => {
      this.watch.stop();
      onExit(this);
      for (const { onError } of this.bodies.values()) onError(workerEnded());
      this.bodies.clear();
    });
    this.worker.unref(); // behind the listeners, each of which would undo it
  }

  /** A body keeps the process alive, a worker without one does not. */
  take(body: number, events: BodyEvents): void {
    this.bodies.set(body, events);
    this.watch.start();
    this.worker.ref();
  }

  /** Whether it was still being read. */
  leave(body: number): boolean {
    const wasThere = this.bodies.delete(body);
    if (this.bodies.size === 0) {
      this.worker.unref();
      this.watch.stop();
    }
    return wasThere;
  }

  tell(message: ToWorker): void {
    this.worker.postMessage(message, message.kind === "bytes" ? [message.bytes.buffer] : []);
  }

  /** Rules are told once. */
  teach(reader: number, { inputs, manifest: { extra } }: Bundle): void {
    if (this.known.has(reader)) return;
    this.known.add(reader);
    this.tell({ kind: "rules", reader, rules: { inputs, extra } });
  }

  forget(reader: number): void {
    if (this.known.delete(reader)) this.tell({ kind: "forget", reader });
  }

  private hear(message: FromWorker): void {
    if (message.kind === "here") {
      this.watch.answered();
      return;
    }
    const events = this.bodies.get(message.body);
    if (message.kind === "chunk") events?.onChunk(message.chunk);
    else if (message.kind === "taken") events?.onTaken(message.bytes);
    else {
      this.leave(message.body);
      if (message.kind === "done") events?.onDone();
      else if (message.kind === "defect") events?.onError(message.error);
      else events?.onError(new Problem(message.problem.problemName, message.problem.members));
    }
  }
}

const workerEnded = (): Problem =>
  new Problem("unavailable", {
    detail:
      "The thread that read the body ended before the body did. Send the call again; if it ends again, send fewer rows in a call.",
    headers: retrySoon(), // the thread had other bodies too
  });

const workers = new Set<RowWorker>();
let bodyNumber = 0;

const readerNumbers = new WeakMap<Bundle["inputs"], number>();
let readerNumber = 0;

function numberOf({ inputs }: Bundle): number {
  const number = readerNumbers.get(inputs) ?? (readerNumber += 1);
  readerNumbers.set(inputs, number);
  return number;
}

/** The worker that reads the fewest bodies; another one where all have some to read. */
function chooseWorker(): RowWorker {
  const [least] = [...workers].toSorted((a, b) => a.bodies.size - b.bodies.size);
  if (least && (least.bodies.size === 0 || workers.size >= MOST_WORKERS)) return least;
  const made = new RowWorker((ended) => workers.delete(ended));
  workers.add(made);
  return made;
}

/** Gives a body to a worker; all bundles share them. */
export function openBody(bundle: Bundle, asked: Omit<BodyToRead, "reader">, events: BodyEvents): BodyAtWorker {
  const worker = chooseWorker();
  const reader = numberOf(bundle);
  const body = (bodyNumber += 1);
  worker.teach(reader, bundle);
  worker.take(body, events);
  worker.tell({ kind: "open", body, open: { ...asked, reader } });
  return {
    send: (bytes) => {
      worker.tell({ kind: "bytes", body, bytes });
    },
    end: () => {
      worker.tell({ kind: "end", body });
    },
    credit: () => {
      worker.tell({ kind: "credit", body });
    },
    close: () => {
      if (worker.leave(body)) worker.tell({ kind: "close", body });
    },
  };
}

/** The bundle is served no more. */
export function forgetRules({ inputs }: Bundle): void {
  const reader = readerNumbers.get(inputs);
  if (reader !== undefined) for (const worker of workers) worker.forget(reader);
}

/** Ends every worker; what they were reading fails. */
export async function endRowWorkers(): Promise<void> {
  await Promise.all([...workers].map(({ worker }) => worker.terminate()));
}

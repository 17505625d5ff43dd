import cluster, { type Worker } from "node:cluster";

import type { Bundle } from "../bundle/read-bundles";
import type { StartSidecars } from "../pod";
import { partsOf } from "../swap/bundle-parts";
import type { Shown } from "../swap/shown-set";
import type { ServedSet } from "../swap/served-set";
import { isToPrimary, type SidecarNews, type ToPrimary, type ToWorker } from "./messages";

/** A worker that says nothing for so long is not waited for: it will be told anew when another follows it. */
const SAYS_WITHIN_MS = 60_000;

/** In the primary: what all workers are told, those included that start later. */
export class ToldWorkers {
  private readonly ids = new Map<Bundle, number>();
  private readonly news = new Map<string, SidecarNews>();
  private readonly ready = new WeakSet<Worker>();
  private readonly numbers = new WeakMap<Worker, number>();
  private areAllReady = false;
  private set: ServedSet;
  private setNumber = 0;
  private lastId = 0;

  constructor(first: ServedSet) {
    this.set = first;
  }

  /** What a worker has to know that has just come up, or goes back to a set of before. */
  welcome(worker: Worker): void {
    worker.send(this.setMessage(worker));
    if (this.areAllReady) worker.send({ kind: "all-ready" } satisfies ToWorker);
    for (const news of this.news.values()) worker.send(news);
  }

  /** The worker has said so. */
  heardReady(worker: Worker): void {
    this.ready.add(worker);
    this.tellIfAllReady();
  }

  /** To be called when one has ended too: it may be the one that the others waited for. */
  tellIfAllReady(): void {
    const workers = workersAlive();
    if (this.areAllReady || workers.length === 0 || !workers.every((worker) => this.ready.has(worker))) return;
    this.areAllReady = true;
    this.tellAll({ kind: "all-ready" });
  }

  /** Resolves when every worker answers from the set; rejects where one cannot. */
  readonly show = async (set: ServedSet): Promise<Shown> => {
    this.set = set;
    this.setNumber += 1;
    const number = this.setNumber;
    const workers = workersAlive();
    const shown = workers.map((worker) => said(worker, "shown", number, SAYS_WITHIN_MS));
    const drained = workers.map((worker) => said(worker, "drained", number));
    for (const worker of workers) this.welcome(worker); // one that had left a bundle has forgotten where its sidecar is
    const cannot = (await Promise.all(shown)).find((reason) => reason !== undefined);
    if (cannot !== undefined) throw new Error(cannot);
    return { drained: Promise.all(drained).then(() => undefined) };
  };

  tellAll(message: ToWorker): void {
    for (const worker of workersAlive()) worker.send(message);
  }

  tellOne(message: ToWorker): void {
    workersAlive()[0]?.send(message);
  }

  /** The same sidecars, whose news the workers hear too. */
  readonly telling =
    (start: StartSidecars): StartSidecars =>
    (bundles, { onListening, onState }) => {
      const sidecars = start(bundles, {
        onListening: (bundle, url, number) => {
          this.hear({ kind: "listening", bundle: this.idOf(bundle), number, url });
          onListening(bundle, url, number);
        },
        onState: (bundle, state, number) => {
          this.hear({ kind: "state", bundle: this.idOf(bundle), number, state });
          onState(bundle, state, number);
        },
      });
      return {
        ...sidecars,
        release: async (bundle) => {
          await sidecars.release(bundle);
          const id = this.idOf(bundle);
          for (const [key, { bundle: of }] of this.news) if (of === id) this.news.delete(key);
          this.ids.delete(bundle);
        },
      };
    };

  private hear(news: SidecarNews): void {
    if (news.kind === "listening" || news.state.kind !== "running")
      this.news.set(`${news.bundle} ${news.number}`, news);
    this.tellAll(news);
  }

  private setMessage(worker: Worker): ToWorker {
    const bundles = this.set.bundles.map((bundle) => ({ id: this.idOf(bundle), parts: partsOf(bundle) }));
    const othersReady = workersAlive().some((other) => this.ready.has(other));
    return {
      kind: "set",
      number: this.setNumber,
      set: { ...this.set, bundles },
      othersReady,
      worker: this.numberOf(worker),
    };
  }

  private numberOf(worker: Worker): number {
    const known = this.numbers.get(worker);
    if (known !== undefined) return known;
    const taken = new Set(workersAlive().map((other) => this.numbers.get(other)));
    let number = 0;
    while (taken.has(number)) number += 1;
    this.numbers.set(worker, number);
    return number;
  }

  private idOf(bundle: Bundle): number {
    const id = this.ids.get(bundle) ?? (this.lastId += 1);
    this.ids.set(bundle, id);
    return id;
  }
}

/** Resolves when the worker has said so or has ended, with the reason where it cannot do what it was told. */
function said(
  worker: Worker,
  kind: "shown" | "drained",
  number: number,
  withinMs?: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const done = (reason?: string): void => {
      clearTimeout(late);
      worker.off("message", hear).off("exit", ended);
      resolve(reason);
    };
    const ended = (): void => {
      done();
    };
    const hear = (message: unknown): void => {
      if (!isToPrimary(message) || !("number" in message) || message.number !== number) return;
      if (message.kind === "cannot-show") done(message.reason);
      else if (message.kind === kind) done();
    };
    const late = withinMs === undefined ? undefined : setTimeout(done, withinMs);
    worker.on("message", hear).on("exit", ended);
  });
}

const workersAlive = (): Worker[] =>
  Object.values(cluster.workers ?? {}).filter(
    (worker): worker is Worker => worker?.isConnected() === true && !worker.isDead(),
  );

/** Whatever any worker asks for. */
export function onWorkerMessage(hear: (message: ToPrimary, worker: Worker) => void): void {
  cluster.on("message", (worker: Worker, message: unknown) => {
    if (isToPrimary(message)) hear(message, worker);
  });
}

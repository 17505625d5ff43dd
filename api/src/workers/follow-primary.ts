import type { Bundle } from "../bundle/read-bundles";
import type { ReloadOutcome } from "../control/reload-route";
import type { StartSidecars } from "../pod";
import { bundleOf } from "../swap/bundle-parts";
import type { ServedSet } from "../swap/served-set";
import { isToWorker, type ToPrimary, type ToWorker } from "./messages";
import { RelayedSidecars } from "./relayed-sidecars";
import { outcomesOf, type ReloadAnswer } from "./reload-answer";

export interface PrimaryEvents {
  /** Every set but the first, with the number that the answer names. */
  readonly onSet: (set: ServedSet, number: number) => void;
  readonly onSwapped: (model: string, outcome: "live" | "refused") => void;
  readonly onReadAgain: () => void;
}

export interface FirstSet {
  readonly set: ServedSet;
  /** Others answer from it already. */
  readonly othersReady: boolean;
  /** Which of the processes that answer this is, from 0. */
  readonly worker: number;
}

/** In a worker: the primary reads the bundles, keeps the sidecars, and says what is to be served. */
export class Primary {
  readonly startSidecars: StartSidecars;
  /** What is to be served from the start. */
  readonly firstSet: Promise<FirstSet>;
  /** Every process that answers has been ready. */
  areAllReady = false;
  private events: PrimaryEvents | undefined;
  private readonly bundles = new Map<number, Bundle>();
  private ids = new WeakMap<Bundle, number>();
  private readonly asked = new Map<number, (answer: ReloadAnswer) => void>();
  private lastAsked = 0;
  private haveFirst: ((first: FirstSet) => void) | undefined;

  constructor() {
    const relayed = new RelayedSidecars((bundle) => this.ids.get(bundle) ?? 0);
    this.startSidecars = relayed.start;
    this.firstSet = new Promise((resolve) => (this.haveFirst = resolve));
    process.on("message", (message) => {
      if (!isToWorker(message)) return;
      if (message.kind === "listening" || message.kind === "state") relayed.hear(message);
      else this.hear(message);
    });
  }

  follow(events: PrimaryEvents): void {
    this.events = events;
  }

  tell(message: ToPrimary): void {
    if (process.connected) process.send?.(message);
  }

  /** @throws what the reload threw */
  readonly reload = async (): Promise<readonly ReloadOutcome[]> => {
    const asked = (this.lastAsked += 1);
    const answer = await new Promise<ReloadAnswer>((resolve) => {
      this.asked.set(asked, resolve);
      this.tell({ kind: "reload", asked });
    });
    return outcomesOf(answer);
  };

  /** The channel to the primary would keep this process alive. */
  leave(): void {
    process.disconnect();
  }

  private hear(message: Exclude<ToWorker, { kind: "listening" | "state" }>): void {
    if (message.kind === "set") this.hearSet(message);
    else if (message.kind === "all-ready") this.areAllReady = true;
    else if (message.kind === "swapped") this.events?.onSwapped(message.model, message.outcome);
    else if (message.kind === "read-again") this.events?.onReadAgain();
    else {
      this.asked.get(message.asked)?.(message.answer);
      this.asked.delete(message.asked);
    }
  }

  private hearSet({ number, set, othersReady, worker }: Extract<ToWorker, { kind: "set" }>): void {
    const bundles = set.bundles.map(({ id, parts }) => {
      const bundle = this.bundles.get(id) ?? bundleOf(parts);
      this.bundles.set(id, bundle);
      this.ids.set(bundle, id);
      return bundle;
    });
    const named = new Set(set.bundles.map(({ id }) => id));
    for (const id of this.bundles.keys()) if (!named.has(id)) this.bundles.delete(id);
    const served = { ...set, bundles };
    if (this.haveFirst) {
      this.haveFirst({ set: served, othersReady, worker });
      this.haveFirst = undefined;
    } else this.events?.onSet(served, number);
  }
}

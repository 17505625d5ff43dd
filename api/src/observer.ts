import type { Problem } from "./problems";

/** What is told of a call when it has been answered, a prediction's or any other. */
export interface Answered {
  readonly requestId: string;
  /** Empty where the call was for no bundle. */
  readonly model: string;
  readonly status: number;
  readonly rows: number;
  /** From a prediction's request to its answer; nothing was timed that came to none. */
  readonly ms?: number;
  readonly problem?: Problem;
  /** What was thrown, where that was no problem but a defect. */
  readonly defect?: unknown;
}

/** What a prediction's time goes to besides waiting (`queued`) and the sidecar's call (`batched`). */
export type Stage = "read" | "validate" | "shape";

/** Why a call was turned away before anything was computed for it. */
export type ShedReason = "work" | "delay" | "rows" | "streams" | "breaker" | "rate" | "key";

export type BreakerState = "closed" | "open" | "half-open";

/** Why a sidecar's call brought no predictions: it answered wrongly, not in time, not at all, or its model raised. */
export type CallFailure = "fault" | "timeout" | "gone" | "artifact";

/** What a sidecar's process has used so far. Several bundles may share it: it is told by its address. */
export interface SidecarProcess {
  readonly url: string;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/**
 * Whoever wants to know what happens implements this; the data plane tells it and never waits for it. No method throws,
 * keeps what it is given, or takes more than a microsecond or two: all of them stand on a prediction's way.
 * `model` is a bundle's name, `sidecar` the number of one of its sidecars, from 0.
 */
export interface Observer {
  /** Whether `imputed` is listened to: finding out costs a look at every cell that may be null. */
  readonly hearsImputed: boolean;
  readonly answered: (answered: Answered) => void;
  readonly timed: (model: string, stage: Stage, ms: number) => void;
  /** What a part of a call waited before its batch left. */
  readonly queued: (model: string, ms: number) => void;
  /** A batch was answered: its rows, the parts it was made of, and what its call took. */
  readonly batched: (model: string, rows: number, calls: number, ms: number) => void;
  readonly callFailed: (model: string, failure: CallFailure) => void;
  /** `model` is empty where the call was for no bundle. */
  readonly shed: (model: string, reason: ShedReason) => void;
  readonly breaker: (model: string, sidecar: number, state: BreakerState) => void;
  /** By input: rows that held a category which the bundle does not know and lets pass. */
  readonly unknownCategories: (model: string, counts: ReadonlyMap<string, number>) => void;
  /** By input: rows that held null or nothing, for which the manifest's own value stands in. */
  readonly imputed: (model: string, counts: ReadonlyMap<string, number>) => void;
  /** A sidecar has ended and is started again. */
  readonly restarted: (model: string, reason: string) => void;
  readonly measured: (model: string, sidecar: number, used: SidecarProcess) => void;
  /** A changed bundle went live, or was refused and the one before it stays. */
  readonly swapped: (model: string, outcome: "live" | "refused") => void;
}

const nothing = (): void => undefined;

/** For whoever is told nothing. */
export const noObserver: Observer = {
  hearsImputed: false,
  answered: nothing,
  timed: nothing,
  queued: nothing,
  batched: nothing,
  callFailed: nothing,
  shed: nothing,
  breaker: nothing,
  unknownCategories: nothing,
  imputed: nothing,
  restarted: nothing,
  measured: nothing,
  swapped: nothing,
};

/** Tells both. */
export const tellBoth = (one: Observer, other: Observer): Observer => ({
  hearsImputed: one.hearsImputed || other.hearsImputed,
  answered: both(one.answered, other.answered),
  timed: both(one.timed, other.timed),
  queued: both(one.queued, other.queued),
  batched: both(one.batched, other.batched),
  callFailed: both(one.callFailed, other.callFailed),
  shed: both(one.shed, other.shed),
  breaker: both(one.breaker, other.breaker),
  unknownCategories: both(one.unknownCategories, other.unknownCategories),
  imputed: both(one.imputed, other.imputed),
  restarted: both(one.restarted, other.restarted),
  measured: both(one.measured, other.measured),
  swapped: both(one.swapped, other.swapped),
});

/** Whoever does nothing is not asked to. */
function both<Told extends unknown[]>(
  one: (...told: Told) => void,
  other: (...told: Told) => void,
): (...told: Told) => void {
  if (one === nothing) return other;
  if (other === nothing) return one;
  return (...told) => {
    one(...told);
    other(...told);
  };
}

import type { BundleParts } from "../swap/bundle-parts";
import type { ServedSet } from "../swap/served-set";
import type { SupervisorState } from "../supervise/supervisor";
import type { ReloadAnswer } from "./reload-answer";

/** A bundle, and the number that stands for this loading of it. */
export interface SentBundle {
  readonly id: number;
  readonly parts: BundleParts;
}

/** The bundle's sidecar of this number listens somewhere, or has changed its state. */
export type SidecarNews =
  | { readonly kind: "listening"; readonly bundle: number; readonly number: number; readonly url: string }
  | { readonly kind: "state"; readonly bundle: number; readonly number: number; readonly state: SupervisorState };

/** What the primary tells its workers. Sets are numbered, so that an answer names the one it is about. */
export type ToWorker =
  | SidecarNews
  | {
      readonly kind: "set";
      readonly number: number;
      readonly set: Omit<ServedSet, "bundles"> & { bundles: SentBundle[] };
      /** Whom it is told to need not take calls before it is ready itself. */
      readonly othersReady: boolean;
      /** Its number among those that live, from 0: one that takes another's place has that one's. */
      readonly worker: number;
    }
  | { readonly kind: "all-ready" }
  | { readonly kind: "reloaded"; readonly asked: number; readonly answer: ReloadAnswer }
  | { readonly kind: "swapped"; readonly model: string; readonly outcome: "live" | "refused" }
  | { readonly kind: "read-again" };

/** What a worker tells the primary. */
export type ToPrimary =
  | { readonly kind: "ready" }
  | { readonly kind: "shown" | "drained"; readonly number: number }
  | { readonly kind: "cannot-show"; readonly number: number; readonly reason: string }
  | { readonly kind: "reload"; readonly asked: number };

/** Others send messages over the same channel. */
function isOneOf<M extends { kind: string }>(kinds: readonly M["kind"][]): (message: unknown) => message is M {
  return (message): message is M =>
    typeof message === "object" && message !== null && "kind" in message && kinds.some((kind) => kind === message.kind);
}

export const isToWorker = isOneOf<ToWorker>([
  "listening",
  "state",
  "set",
  "all-ready",
  "reloaded",
  "swapped",
  "read-again",
]);
export const isToPrimary = isOneOf<ToPrimary>(["ready", "shown", "drained", "cannot-show", "reload"]);

import type { Model } from "../predict/model";

/** A bundle behind the real app and its real sidecar, on a port of its own. */
export interface ServedBundle {
  readonly url: string;
  readonly model: Model;
  /** Why its sidecar ended by itself, each time it did. */
  readonly endings: readonly string[];
  readonly stop: () => Promise<void>;
}

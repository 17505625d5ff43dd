import type { AppOptions } from "../app";
import { isReady, type Readiness } from "../control/health";
import type { Pod } from "../pod";
import type { Model } from "../predict/model";
import type { Ports } from "./ports";
import type { Shown } from "./shown-set";
import type { ServedSet } from "./served-set";

/** What stays the same from one set of bundles to the next. */
export type LastingOptions = Omit<
  AppOptions,
  "models" | "refused" | "refusedDefault" | "refusedReloads" | "isDraining"
>;

/** What a process that answers callers consists of. */
export interface Front {
  readonly show: (set: ServedSet) => Promise<Shown>;
  readonly models: () => readonly Model[];
  readonly isReady: () => boolean;
  /** From now on nothing here is ready; resolves when all that was accepted is answered. */
  readonly drain: () => Promise<void>;
  readonly cut: () => void;
}

/** Between two requests, every port turns from one set of bundles to the next. */
export function createFront(pod: Pick<Pod, "modelOf">, ports: Ports, lasting: LastingOptions): Front {
  let isDraining = false;
  let readiness: Readiness = {
    models: [],
    refused: new Map(),
    refusedDefault: undefined,
    isDraining: () => isDraining,
  };
  return {
    show: async ({ bundles, ...told }) => {
      const models = bundles.map((bundle) => pod.modelOf(bundle)).filter((model) => model !== undefined);
      const next = { ...lasting, ...told, models, isDraining: () => isDraining };
      const shown = await ports.show(next);
      readiness = next;
      return shown;
    },
    models: () => readiness.models,
    isReady: () => isReady(readiness),
    drain: () => {
      isDraining = true;
      return ports.drain();
    },
    cut: () => {
      ports.cut();
    },
  };
}

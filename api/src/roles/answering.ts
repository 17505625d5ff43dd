import type { Logger } from "pino";
import type { Registry } from "prom-client";

import { type Guards, openGuards } from "../access/guards";
import { logObserver } from "../log-observer";
import { createMetrics } from "../metrics/metrics";
import type { TellMetrics } from "../metrics/metrics-text";
import { type Observer, tellBoth } from "../observer";
import type { Model } from "../predict/model";
import type { Settings } from "../settings";
import type { LastingOptions } from "../swap/front";

/** What a process that answers has for as long as it lives, whichever bundles come and go. */
export interface Answering {
  readonly observer: Observer;
  /** What stands between callers and all that. */
  readonly guards: Guards;
  readonly lasting: Omit<LastingOptions, "sidecarUrlOf" | "reload">;
}

/** Where it is counted, and how that is told. */
export interface Counting {
  readonly registry: Registry;
  readonly told: (registry: Registry) => TellMetrics;
}

export function createAnswering(
  settings: Settings,
  log: Logger,
  models: () => readonly Model[],
  { registry, told }: Counting,
): Answering {
  const metrics = settings.METRICS ? createMetrics(models, registry) : undefined;
  const observer = metrics ? tellBoth(logObserver(log), metrics.observer) : logObserver(log);
  const guards = openGuards(settings, observer, log);
  const { door, dress } = guards;
  return {
    observer,
    guards,
    lasting: {
      limits: {
        bodyBytes: settings.BODY_LIMIT_MB * 1024 * 1024,
        timeoutMs: settings.REQUEST_TIMEOUT_MS,
        takeRows: door.takeRows,
      },
      door,
      dress,
      sidecarToken: settings.SIDECAR_TOKEN,
      controlElsewhere: settings.ADMIN_PORT !== undefined,
      rawInference: settings.V2_PASSTHROUGH,
      observer,
      tellMetrics: metrics && told(metrics.registry),
    },
  };
}

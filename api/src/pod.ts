import type { Logger } from "pino";

import type { Bundle } from "./bundle/read-bundles";
import { type SidecarWatch, watchSidecar } from "./control/watch-sidecar";
import { createModel, type Model } from "./predict/model";
import type { Settings } from "./settings";
import { startLocalSidecars } from "./supervise/local-sidecars";
import type { SupervisorState } from "./supervise/supervisor";

/** The models and the sidecars behind them, wherever those are. */
export interface Pod {
  readonly models: readonly Model[];
  readonly sidecarUrlOf: (model: Model) => string | undefined;
  /** Ends what was started here; what something else started stays. */
  readonly stop: () => Promise<void>;
}

export interface PodOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly onProgress: (line: string) => void;
  /** A sidecar has ended by itself, for this reason, and will be started again. */
  readonly onEnding?: (reason: string) => void;
}

/** A bundle named in SIDECAR_URLS has its sidecar there; for every other one it is started as a child process. */
export function startPod(bundles: readonly Bundle[], { settings, log, onProgress, onEnding }: PodOptions): Pod {
  const urls = new Map<Bundle, string>();
  const watches = new Map<Bundle, SidecarWatch>();
  const models = bundles.map((bundle) => {
    const model = createModel(bundle);
    watches.set(
      bundle,
      watchSidecar(model, {
        stateFolder: settings.STATE_DIR,
        maxRowsWaiting: settings.MAX_ROWS_WAITING,
        onChange: logAvailability(log),
      }),
    );
    return model;
  });
  const follow = (bundle: Bundle, url: string): void => {
    urls.set(bundle, url);
    watches.get(bundle)?.follow(url);
  };
  const elsewhere = bundles.filter(({ name }) => settings.SIDECAR_URLS.has(name));
  for (const bundle of elsewhere) follow(bundle, settings.SIDECAR_URLS.get(bundle.name) ?? "");
  const supervisors = startLocalSidecars(
    bundles.filter((bundle) => !elsewhere.includes(bundle)),
    {
      stateFolder: settings.STATE_DIR,
      env: settings.env,
      log,
      onProgress,
      onListening: follow,
      onState: (bundle, state) => {
        if (state.kind === "running") return;
        if (state.kind === "backing-off") onEnding?.(state.reason);
        urls.delete(bundle);
        watches.get(bundle)?.lose(...lost(state));
      },
    },
  );
  return {
    models,
    sidecarUrlOf: ({ bundle }) => urls.get(bundle),
    stop: async () => {
      for (const watch of watches.values()) watch.stop();
      await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    },
  };
}

function lost(state: Exclude<SupervisorState, { kind: "running" }>): Parameters<SidecarWatch["lose"]> {
  switch (state.kind) {
    case "preparing":
      return ["preparing", "its environment is being made"];
    case "starting":
      return ["starting", "its sidecar is being started"];
    case "backing-off":
      return ["unreachable", `its sidecar is gone (${state.reason}) and will be started again`];
    case "stopped":
      return ["unreachable", "it is being stopped"];
    case "unavailable":
      return ["failed", state.reason];
  }
}

function logAvailability(log: Logger): (model: Model) => void {
  return ({ bundle, availability }) => {
    const fields = { model: bundle.name, state: availability.state };
    if (availability.state === "ready") {
      const { proof, blocks } = availability.sidecar;
      log.info({ ...fields, proof, blocks }, `${bundle.name} is ready (proof: ${proof ?? "none"})`);
    } else if (availability.state === "failed")
      log.error(fields, `${bundle.name} does not serve: ${availability.reason}`);
    else log.info({ ...fields, reason: availability.reason }, `${bundle.name} is ${availability.state}`);
  };
}

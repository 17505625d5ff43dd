import type { Logger } from "pino";

import type { Bundle } from "./bundle/read-bundles";
import { type LostState, type SidecarsWatch, watchSidecars } from "./control/watch-sidecars";
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

export interface SidecarEvents {
  /** The bundle's sidecar of this number, from 0, listens there; proved or not, it can be asked. */
  readonly onListening: (bundle: Bundle, url: string, number: number) => void;
  readonly onState: (bundle: Bundle, state: SupervisorState, number: number) => void;
}

/** Brings up the sidecars of each environment, and tells how they fare until it is stopped. */
export type StartSidecars = (bundles: readonly Bundle[], events: SidecarEvents) => { stop: () => Promise<void> };

export interface PodOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly startSidecars: StartSidecars;
  /** A sidecar has ended by itself, for this reason, and will be started again. */
  readonly onEnding?: (reason: string) => void;
}

/** Sidecars as child processes of this one. */
export function localSidecars(settings: Settings, log: Logger, onProgress: (line: string) => void): StartSidecars {
  return (bundles, events) => {
    const { STATE_DIR: stateFolder, SIDECARS: sidecars, env } = settings;
    const supervisors = startLocalSidecars(bundles, { stateFolder, sidecars, env, log, onProgress, ...events });
    return {
      stop: async () => {
        await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
      },
    };
  };
}

/** The bundles that Picklepod itself starts a sidecar for: the others have theirs in SIDECAR_URLS. */
export const withOwnSidecar = (bundles: readonly Bundle[], { SIDECAR_URLS }: Settings): Bundle[] =>
  bundles.filter(({ name }) => !SIDECAR_URLS.has(name));

export function startPod(bundles: readonly Bundle[], { settings, log, startSidecars, onEnding }: PodOptions): Pod {
  const urls = new Map<Bundle, Map<number, string>>(bundles.map((bundle) => [bundle, new Map()]));
  const watches = new Map<Bundle, SidecarsWatch>();
  const models = bundles.map((bundle) => {
    const model = createModel(bundle);
    watches.set(
      bundle,
      watchSidecars(model, {
        stateFolder: settings.STATE_DIR,
        maxRowsWaiting: settings.MAX_ROWS_WAITING,
        onChange: logAvailability(log),
      }),
    );
    return model;
  });
  const follow = (bundle: Bundle, url: string, number: number): void => {
    urls.get(bundle)?.set(number, url);
    watches.get(bundle)?.follow(url, number);
  };
  for (const bundle of bundles) {
    const url = settings.SIDECAR_URLS.get(bundle.name);
    if (url !== undefined) follow(bundle, url, 0);
  }
  const sidecars = startSidecars(withOwnSidecar(bundles, settings), {
    onListening: follow,
    onState: (bundle, state, number) => {
      if (state.kind === "running") return;
      if (state.kind === "backing-off") onEnding?.(state.reason);
      urls.get(bundle)?.delete(number);
      watches.get(bundle)?.lose(...lost(state), number);
    },
  });
  return {
    models,
    sidecarUrlOf: ({ bundle }) => urls.get(bundle)?.values().next().value,
    stop: async () => {
      for (const watch of watches.values()) watch.stop();
      await sidecars.stop();
    },
  };
}

function lost(state: Exclude<SupervisorState, { kind: "running" }>): [state: LostState, reason: string] {
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

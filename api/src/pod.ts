import type { Bundle } from "./bundle/read-bundles";
import { type LostState, type SidecarsWatch, watchSidecars } from "./control/watch-sidecars";
import { noObserver, type Observer } from "./observer";
import { createModel, type Model } from "./predict/model";
import { forgetRules } from "./rows/row-workers";
import type { Settings } from "./settings";
import { startLocalSidecars } from "./supervise/local-sidecars";
import type { Log } from "./supervise/log";
import type { SupervisorState } from "./supervise/supervisor";

/** The models and the sidecars behind them, wherever those are. */
export interface Pod {
  /** Bundles that come together share the sidecars of their environment; those that are there already keep their own. */
  readonly add: (bundles: readonly Bundle[]) => Model[];
  readonly modelOf: (bundle: Bundle) => Model | undefined;
  /** Nobody asks it any more: its sidecars end unless another bundle has them too. */
  readonly remove: (bundle: Bundle) => Promise<void>;
  readonly sidecarUrlOf: (model: Model) => string | undefined;
  /** Ends what was started here; what something else started stays. What is added behind it is neither started nor followed. */
  readonly stop: () => Promise<void>;
}

export interface SidecarEvents {
  /** The bundle's sidecar of this number, from 0, listens there; proved or not, it can be asked. */
  readonly onListening: (bundle: Bundle, url: string, number: number) => void;
  readonly onState: (bundle: Bundle, state: SupervisorState, number: number) => void;
}

export interface Sidecars {
  /** The bundle needs them no more. */
  readonly release: (bundle: Bundle) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Brings up the sidecars of each environment, and tells how they fare until it is stopped. */
export type StartSidecars = (bundles: readonly Bundle[], events: SidecarEvents) => Sidecars;

export interface PodOptions {
  readonly settings: Settings;
  readonly startSidecars: StartSidecars;
  readonly onChange?: (model: Model) => void;
  /** A sidecar has ended by itself, for this reason, and will be started again. */
  readonly onEnding?: (bundle: Bundle, reason: string) => void;
  readonly observer?: Observer;
}

export interface LocalOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  /** Where a bundle is loaded from, where that is not its own folder. */
  readonly folderOf?: (bundle: Bundle) => string;
}

/** Sidecars as child processes of this one. */
export function localSidecars({ settings, log, onProgress, folderOf }: LocalOptions): StartSidecars {
  const { STATE_DIR: stateFolder, SIDECARS: sidecars, REQUEST_TIMEOUT_MS: timeoutMs, SIDECAR_TOKEN, env } = settings;
  const own = { stateFolder, sidecars, timeoutMs, token: SIDECAR_TOKEN || undefined, env, log, onProgress };
  const ownFolder = ({ folder }: Bundle): string => folder;
  return (bundles, events) => startLocalSidecars(bundles, { ...own, folderOf: folderOf ?? ownFolder, ...events });
}

/** One bundle, and what it has of its own. */
interface Member {
  readonly model: Model;
  readonly watch: SidecarsWatch;
  readonly urls: Map<number, string>;
  sidecars?: Sidecars;
}

export function createPod(options: PodOptions): Pod {
  const { SIDECAR_URLS: elsewhere } = options.settings;
  const members = new Map<Bundle, Member>();
  const started = new Set<Sidecars>();
  const events = eventsTo(members, options);
  let isStopped = false;
  const add = (bundles: readonly Bundle[]): Model[] => {
    const models = bundles.map((bundle) => {
      const member = createMember(bundle, options);
      members.set(bundle, member);
      return member.model;
    });
    if (isStopped) return models; // whoever was on the way to this would bring up what nobody ends
    for (const bundle of bundles) {
      const url = elsewhere.get(bundle.name);
      if (url !== undefined) events.onListening(bundle, url, 0);
    }
    const own = bundles.filter(({ name }) => !elsewhere.has(name));
    const sidecars = options.startSidecars(own, events);
    started.add(sidecars);
    for (const bundle of own) Object.assign(members.get(bundle) ?? {}, { sidecars });
    return models;
  };
  return {
    add,
    modelOf: (bundle) => members.get(bundle)?.model,
    remove: async (bundle) => {
      const member = members.get(bundle);
      members.delete(bundle);
      forgetRules(bundle);
      member?.watch.stop();
      await member?.sidecars?.release(bundle);
    },
    sidecarUrlOf: ({ bundle }) => members.get(bundle)?.urls.values().next().value,
    stop: async () => {
      isStopped = true;
      for (const { watch } of members.values()) watch.stop();
      await Promise.all([...started].map((sidecars) => sidecars.stop()));
    },
  };
}

function createMember(bundle: Bundle, { settings, onChange, observer = noObserver }: PodOptions): Member {
  const model = createModel(bundle);
  const watch = watchSidecars(model, {
    stateFolder: settings.STATE_DIR,
    maxRowsWaiting: settings.MAX_ROWS_WAITING,
    token: settings.SIDECAR_TOKEN || undefined,
    areElsewhere: settings.SIDECAR_URLS.has(bundle.name),
    longestCallMs: settings.REQUEST_TIMEOUT_MS + bundle.manifest.limits.rows,
    observer,
    onChange: (changed) => onChange?.(changed),
  });
  return { model, watch, urls: new Map() };
}

function eventsTo(members: ReadonlyMap<Bundle, Member>, { onEnding }: PodOptions): SidecarEvents {
  return {
    onListening: (bundle, url, number) => {
      members.get(bundle)?.urls.set(number, url);
      members.get(bundle)?.watch.follow(url, number);
    },
    onState: (bundle, state, number) => {
      if (state.kind === "running") return;
      if (state.kind === "backing-off") {
        onEnding?.(bundle, state.reason);
      }
      members.get(bundle)?.urls.delete(number);
      members.get(bundle)?.watch.lose(...lost(state), number);
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

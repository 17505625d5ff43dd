import { resolve } from "node:path";

import type { Bundle } from "../bundle/read-bundles";
import { project } from "../project";
import { runLocalSidecar } from "./local-sidecar";
import type { Log, Variables } from "./log";
import type { Supervisor, SupervisorState } from "./supervisor";

export interface LocalSidecarsOptions {
  readonly stateFolder: string;
  /** What the sidecars are to know us by. */
  readonly token: string | undefined;
  readonly env: Variables;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  /** The longest that any caller waits for a row; a call of many has more. */
  readonly timeoutMs: number;
  /** Where the bundle is loaded from when a sidecar is started with it. */
  readonly folderOf: (bundle: Bundle) => string;
  /** Of each environment. */
  readonly sidecars: number;
  /** The bundle's sidecar of this number, from 0, listens there; proved or not, it can be asked. */
  readonly onListening: (bundle: Bundle, url: string, number: number) => void;
  readonly onState: (bundle: Bundle, state: SupervisorState, number: number) => void;
}

export interface LocalSidecars {
  /** The bundle needs them no more: one that no bundle needs is stopped, and no other is started with it again. */
  readonly release: (bundle: Bundle) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** As many sidecars for each environment: bundles whose Python and lock are equal share them. */
export function startLocalSidecars(bundles: readonly Bundle[], options: LocalSidecarsOptions): LocalSidecars {
  const environmentOf = ({ json }: Bundle): string => `${json.python} ${json.lock.sha256}`;
  const environments = new Set(bundles.map(environmentOf));
  const numbers = Array.from({ length: options.sidecars }, (_, number) => number);
  const groups = [...environments].map((environment) => {
    const sharing = new Set(bundles.filter((bundle) => environmentOf(bundle) === environment));
    return { sharing, supervisors: numbers.map((number) => startOne(sharing, number, options)) };
  });
  const stop = async (supervisors: readonly Supervisor[]): Promise<void> => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  };
  return {
    release: async (bundle) => {
      const group = groups.find(({ sharing }) => sharing.delete(bundle));
      if (group?.sharing.size === 0) await stop(group.supervisors);
    },
    stop: () => stop(groups.flatMap(({ supervisors }) => supervisors)),
  };
}

function startOne(sharing: ReadonlySet<Bundle>, number: number, options: LocalSidecarsOptions): Supervisor {
  const [first] = sharing;
  if (!first) throw new RangeError("an environment has a bundle at least");
  const { python, lock } = first.json;
  const names = [...sharing].map(({ name }) => name).join("+");
  return runLocalSidecar({
    name: options.sidecars === 1 ? names : `${names}#${number + 1}`,
    python,
    lock: resolve(first.folder, lock.file),
    bundles: [...sharing],
    placed: () => [...sharing].map((bundle) => ({ folder: options.folderOf(bundle), digest: bundle.json.digest })),
    sidecarLock: project.sidecarLock(python),
    sidecarRoot: project.sidecarRoot,
    uvRequirements: project.uvRequirements,
    cacheDir: project.cacheFolder,
    stateDir: options.stateFolder,
    token: options.token,
    env: options.env,
    log: options.log,
    onProgress: options.onProgress,
    longestCallMs: options.timeoutMs + Math.max(...[...sharing].map(({ manifest }) => manifest.limits.rows)),
    onListening: (url) => {
      for (const bundle of sharing) options.onListening(bundle, url, number);
    },
    onState: (state) => {
      for (const bundle of sharing) options.onState(bundle, state, number);
    },
  });
}

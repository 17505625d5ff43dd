import { resolve } from "node:path";

import type { Bundle } from "../bundle/read-bundles";
import { project } from "../project";
import { runLocalSidecar } from "./local-sidecar";
import type { Log, Variables } from "./log";
import type { Supervisor, SupervisorState } from "./supervisor";

export interface LocalSidecarsOptions {
  readonly stateFolder: string;
  readonly env: Variables;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  /** The bundle's sidecar listens there; proved or not, it can be asked. */
  readonly onListening: (bundle: Bundle, url: string) => void;
  readonly onState: (bundle: Bundle, state: SupervisorState) => void;
}

/** A sidecar per environment: bundles whose Python and lock are equal share one. */
export function startLocalSidecars(bundles: readonly Bundle[], options: LocalSidecarsOptions): Supervisor[] {
  const environmentOf = ({ json }: Bundle): string => `${json.python} ${json.lock.sha256}`;
  const environments = new Set(bundles.map(environmentOf));
  return [...environments].map((environment) =>
    startOne(
      bundles.filter((bundle) => environmentOf(bundle) === environment),
      options,
    ),
  );
}

function startOne(sharing: readonly Bundle[], options: LocalSidecarsOptions): Supervisor {
  const [first] = sharing;
  if (!first) throw new RangeError("an environment has a bundle at least");
  const { python, lock } = first.json;
  return runLocalSidecar({
    python,
    lock: resolve(first.folder, lock.file),
    bundles: sharing,
    sidecarLock: project.sidecarLock(python),
    sidecarRoot: project.sidecarRoot,
    uvRequirements: project.uvRequirements,
    cacheDir: project.cacheFolder,
    stateDir: options.stateFolder,
    env: options.env,
    log: options.log,
    onProgress: options.onProgress,
    onListening: (url) => {
      for (const bundle of sharing) options.onListening(bundle, url);
    },
    onState: (state) => {
      for (const bundle of sharing) options.onState(bundle, state);
    },
  });
}

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
  /** Of each environment. */
  readonly sidecars: number;
  /** The bundle's sidecar of this number, from 0, listens there; proved or not, it can be asked. */
  readonly onListening: (bundle: Bundle, url: string, number: number) => void;
  readonly onState: (bundle: Bundle, state: SupervisorState, number: number) => void;
}

/** As many sidecars for each environment: bundles whose Python and lock are equal share them. */
export function startLocalSidecars(bundles: readonly Bundle[], options: LocalSidecarsOptions): Supervisor[] {
  const environmentOf = ({ json }: Bundle): string => `${json.python} ${json.lock.sha256}`;
  const environments = new Set(bundles.map(environmentOf));
  const numbers = Array.from({ length: options.sidecars }, (_, number) => number);
  return [...environments].flatMap((environment) => {
    const sharing = bundles.filter((bundle) => environmentOf(bundle) === environment);
    return numbers.map((number) => startOne(sharing, number, options));
  });
}

function startOne(sharing: readonly Bundle[], number: number, options: LocalSidecarsOptions): Supervisor {
  const [first] = sharing;
  if (!first) throw new RangeError("an environment has a bundle at least");
  const { python, lock } = first.json;
  const names = sharing.map(({ name }) => name).join("+");
  return runLocalSidecar({
    name: options.sidecars === 1 ? names : `${names}#${number + 1}`,
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
      for (const bundle of sharing) options.onListening(bundle, url, number);
    },
    onState: (state) => {
      for (const bundle of sharing) options.onState(bundle, state, number);
    },
  });
}

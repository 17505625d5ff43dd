import { prepareEnvironment, type EnvironmentRequest } from "./environments";
import { startSidecar } from "./sidecar-process";
import { supervise, type Supervisor, type SupervisorOptions } from "./supervisor";

export interface LocalSidecarOptions
  extends
    Omit<EnvironmentRequest, "bundles" | "signal">,
    Pick<SupervisorOptions<unknown>, "onListening" | "onExit" | "onState"> {
  /** The bundles of one environment: their names, for the messages, and their folders. */
  bundles: readonly { name: string; folder: string }[];
  /** Names it in the log. */
  name: string;
  /** Where trained artifacts are kept. */
  stateDir: string;
}

/** One environment's sidecar on this machine: its environment made, its process started and kept running. */
export function runLocalSidecar(options: LocalSidecarOptions): Supervisor {
  const { name, onListening, onExit, onState, log, env, stateDir } = options;
  const names = options.bundles.map(({ name }) => name);
  const bundles = options.bundles.map(({ folder }) => folder);
  return supervise({
    name,
    prepare: (signal) => prepareEnvironment({ ...options, bundles: names, signal }),
    start: ({ python }, signal) => startSidecar({ python, bundles, stateDir, name, env, log, signal }),
    log,
    ...(onListening && { onListening }),
    ...(onExit && { onExit }),
    ...(onState && { onState }),
  });
}

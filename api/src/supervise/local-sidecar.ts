import { prepareEnvironment, type EnvironmentRequest } from "./environments";
import { watchHeartbeat } from "./heartbeat";
import { type PlacedBundle, startSidecar } from "./sidecar-process";
import { supervise, type Supervisor, type SupervisorOptions } from "./supervisor";

export interface LocalSidecarOptions
  extends
    Omit<EnvironmentRequest, "bundles" | "signal">,
    Pick<SupervisorOptions<unknown>, "onListening" | "onExit" | "onState"> {
  /** The bundles of one environment: their names, for the messages. */
  bundles: readonly { name: string }[];
  /** Those that it is started with now. */
  placed: () => readonly PlacedBundle[];
  /** Names it in the log. */
  name: string;
  /** Where trained artifacts are kept. */
  stateDir: string;
  /** What it is to know us by. */
  token: string | undefined;
  /** The longest that any caller waits for one call. */
  longestCallMs: number;
}

/** One environment's sidecar on this machine: its environment made, its process started and kept running. */
export function runLocalSidecar(options: LocalSidecarOptions): Supervisor {
  const { name, onListening, onExit, onState, log, env, stateDir, token, longestCallMs } = options;
  const names = options.bundles.map(({ name }) => name);
  return supervise({
    name,
    prepare: (signal) => prepareEnvironment({ ...options, bundles: names, signal }),
    start: ({ python }, signal) =>
      startSidecar({ python, bundles: options.placed(), stateDir, token, name, env, log, signal }),
    watch: ({ url, pid }, onFrozen) => watchHeartbeat({ url, pid, onFrozen, longestCallMs }),
    log,
    ...(onListening && { onListening }),
    ...(onExit && { onExit }),
    ...(onState && { onState }),
  });
}

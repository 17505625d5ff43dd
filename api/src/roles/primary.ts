import { noObserver } from "../observer";
import { keepWorkers } from "../workers/primary";
import { onSignals } from "../swap/signals";
import { firstSet } from "../swap/served-set";
import { ToldWorkers } from "../workers/told-workers";
import { createKeeper, reloadAndTell } from "./keeper";
import type { Role } from "./role";

/** The first of several processes: keeps the sidecars and the workers, and answers nothing itself. */
export function servePrimary(role: Role): void {
  const { settings, log } = role;
  const told = new ToldWorkers(firstSet(role.read));
  const swapped = (model: string, outcome: "live" | "refused"): void => {
    told.tellOne({ kind: "swapped", model, outcome }); // the workers' counts are added up
  };
  const { stop: stopSidecars, reloadBy } = createKeeper(role, {
    observer: { ...noObserver, swapped },
    seen: told.telling,
  });
  const reloader = reloadBy(told.show);
  const stopWorkers = keepWorkers({
    workers: settings.WORKERS,
    drainTimeoutMs: settings.DRAIN_TIMEOUT_MS,
    workerEnv: { SIDECAR_TOKEN: settings.SIDECAR_TOKEN, SIDECAR_TOKEN_FILE: "" },
    told,
    reload: reloader.reload,
    stop: stopSidecars,
    log,
  });
  onSignals({
    stop: (signal) => {
      reloader.end();
      stopWorkers(signal);
    },
    readAgain: (signal) => {
      told.tellAll({ kind: "read-again" });
      void reloadAndTell(reloader, signal, log);
    },
  });
}

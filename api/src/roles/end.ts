import type { Settings } from "../settings";
import type { Log } from "../supervise/log";
import type { Front } from "../swap/front";

/** What was accepted is answered first. */
export function endBySignal(
  signal: string,
  front: Front,
  stop: () => Promise<void>,
  settings: Settings,
  log: Log,
): void {
  log.info({ signal }, `${signal}: answering what was accepted, then ending`);
  const late = setTimeout(() => {
    log.warn({ ms: settings.DRAIN_TIMEOUT_MS }, "some requests were not answered within the drain time");
    front.cut();
  }, settings.DRAIN_TIMEOUT_MS);
  void front
    .drain()
    .then(stop)
    .then(() => {
      clearTimeout(late);
      log.info({}, "ended");
    });
}

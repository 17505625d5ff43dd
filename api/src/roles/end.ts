import { endProcess } from "../end-process";
import type { Settings } from "../settings";
import type { Log } from "../supervise/log";
import type { Front } from "../swap/front";

/** What was accepted is answered first. */
export function endBySignal(
  signal: string,
  front: Pick<Front, "drain" | "cut">,
  stop: () => Promise<void>,
  settings: Pick<Settings, "DRAIN_TIMEOUT_MS">,
  log: Log,
): void {
  log.info({ signal }, `${signal}: answering what was accepted, then ending`);
  const late = setTimeout(() => {
    log.warn({ ms: settings.DRAIN_TIMEOUT_MS }, "some requests were not answered within the drain time");
    front.cut();
  }, settings.DRAIN_TIMEOUT_MS);
  const drained = front.drain().finally(() => {
    clearTimeout(late);
  });
  void endProcess(drained.then(stop), log);
}

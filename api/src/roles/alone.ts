import { Registry } from "prom-client";

import { logAvailability } from "../log-availability";
import { ownMetrics } from "../metrics/metrics-text";
import { createFront, type Front } from "../swap/front";
import { Ports } from "../swap/ports";
import { onSignals } from "../swap/signals";
import { createAnswering } from "./answering";
import { endBySignal } from "./end";
import { createKeeper, type Reloading, reloadAndTell } from "./keeper";
import type { Role } from "./role";

/** One process that does everything: keeps the sidecars, and answers. */
export async function serveAlone(role: Role): Promise<void> {
  const { settings, log } = role;
  const counting = { registry: new Registry(), told: ownMetrics };
  const { observer, guards, lasting } = createAnswering(settings, log, () => front.models(), counting);
  const { pod, first, reloadBy, stop: stopSidecars } = createKeeper(role, { observer, onChange: logAvailability(log) });
  const front: Front = createFront(pod, new Ports(settings, log, guards.certificate), {
    ...lasting,
    sidecarUrlOf: pod.sidecarUrlOf,
    reload: () => reloader.reload("POST /admin/reload"),
  });
  const reloader: Reloading = reloadBy(front.show);
  const stop = (): Promise<void> => {
    guards.stop();
    return stopSidecars();
  };
  try {
    await front.show(first);
  } catch (error) {
    await stop();
    throw error;
  }
  onSignals({
    stop: (signal) => {
      reloader.end();
      endBySignal(signal, front, stop, settings, log);
    },
    readAgain: (signal) => {
      guards.reread();
      void reloadAndTell(reloader, signal, log);
    },
  });
}

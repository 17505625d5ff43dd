import type { Logger } from "pino";

import { logAvailability } from "../log-availability";
import { createPod } from "../pod";
import type { Settings } from "../settings";
import { createFront, type Front } from "../swap/front";
import { Ports } from "../swap/ports";
import { onFirst } from "../swap/signals";
import { Candidates } from "../swap/candidates";
import { Primary } from "../workers/follow-primary";
import { metricsOfAll } from "../workers/metrics-of-all";
import { WorkerRegistry } from "../workers/worker-registry";
import { createAnswering } from "./answering";
import { endBySignal } from "./end";
import { Taking } from "./taking";

/** One of several processes that answer; the primary says what. */
export async function serveAsWorker(settings: Settings, log: Logger): Promise<void> {
  const primary = new Primary();
  leaveSignalsToPrimary();
  try {
    await answerFor(primary, settings, log);
  } catch (error) {
    primary.leave(); // the channel would keep a process alive that cannot answer
    throw error;
  }
}

async function answerFor(primary: Primary, settings: Settings, log: Logger): Promise<void> {
  const { set: first, othersReady, worker } = await primary.firstSet;
  const counting = { registry: new WorkerRegistry(worker), told: metricsOfAll };
  const { observer, guards, lasting } = createAnswering(settings, log, () => front.models(), counting);
  const candidates = new Candidates();
  const pod = createPod({
    settings,
    observer,
    startSidecars: primary.startSidecars,
    onEnding: (bundle, reason) => {
      if (!candidates.has(bundle)) observer.restarted(bundle.name, reason);
    },
    onChange: (model) => {
      candidates.changed(model);
      logAvailability(log)(model);
      tellReady();
    },
  });
  const { reload } = primary;
  const front: Front = createFront(pod, new Ports(settings, log, guards.certificate), {
    ...lasting,
    sidecarUrlOf: pod.sidecarUrlOf,
    reload,
    areAllReady: () => primary.areAllReady,
  });
  const tellReady = once(front.isReady, () => { primary.tell({ kind: "ready" }); }); // prettier-ignore
  const show: Front["show"] = async (set) => {
    const shown = await front.show(set);
    tellReady();
    return shown;
  };
  const take = new Taking({ primary, pod, candidates, front: { show }, first, log });
  primary.follow({ onSet: take.next, onSwapped: observer.swapped, onReadAgain: guards.reread });
  const stop = async (): Promise<void> => {
    guards.stop();
    await pod.stop();
  };
  try {
    await take.begin(othersReady);
  } catch (error) {
    await stop();
    throw error;
  }
  const end = (signal: string): void => {
    endBySignal(signal, front, () => stop().then(() => { primary.leave(); }), settings, log); // prettier-ignore
  };
  process.on("SIGTERM", onFirst(end)); // one that is sent to the whole group is followed by the primary's
}

/** The first time that it is called while it is so. */
function once(isSo: () => boolean, tell: () => void): () => void {
  let told = false;
  return () => {
    if (told || !isSo()) return;
    told = true;
    tell();
  };
}

/** A terminal sends its signals to the whole group: SIGHUP and SIGINT come from the primary, as what they mean. */
function leaveSignalsToPrimary(): void {
  process.on("SIGHUP", () => undefined).on("SIGINT", () => undefined);
}

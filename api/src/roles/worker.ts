import type { Logger } from "pino";

import { logAvailability } from "../log-availability";
import { createPod } from "../pod";
import type { Settings } from "../settings";
import { createFront, type Front } from "../swap/front";
import { Ports } from "../swap/ports";
import { Candidates } from "../swap/candidates";
import { Primary } from "../workers/follow-primary";
import { metricsOfAll } from "../workers/metrics-of-all";
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
  const first = await primary.firstSet;
  const { observer, guards, lasting } = createAnswering(settings, log, () => front.models(), metricsOfAll);
  const candidates = new Candidates();
  const pod = createPod({
    settings,
    observer,
    startSidecars: primary.startSidecars,
    onChange: (model) => {
      candidates.changed(model);
      logAvailability(log)(model);
    },
  });
  const { reload } = primary;
  const front: Front = createFront(pod, new Ports(settings, log, guards.certificate), {
    ...lasting,
    sidecarUrlOf: pod.sidecarUrlOf,
    reload,
  });
  pod.add(first.bundles);
  const take = new Taking({ primary, pod, candidates, front, first });
  primary.follow({ onSet: take.next, onSwapped: observer.swapped, onReadAgain: guards.reread });
  const stop = async (): Promise<void> => {
    guards.stop();
    await pod.stop();
  };
  try {
    await front.show(first);
  } catch (error) {
    await stop();
    throw error;
  }
  const end = (signal: string): void => {
    endBySignal(signal, front, () => stop().then(() => { primary.leave(); }), settings, log); // prettier-ignore
  };
  process.once("SIGTERM", end);
}

/** A terminal sends its signals to the whole group: SIGHUP and SIGINT come from the primary, as what they mean. */
function leaveSignalsToPrimary(): void {
  process.on("SIGHUP", () => undefined).on("SIGINT", () => undefined);
}

import type { Logger } from "pino";

import type { Bundle } from "../bundle/read-bundles";
import { logAvailability } from "../log-availability";
import { createPod, type Pod } from "../pod";
import type { Settings } from "../settings";
import { createFront, type Front } from "../swap/front";
import { Ports } from "../swap/ports";
import type { ServedSet } from "../swap/served-set";
import { Candidates } from "../swap/candidates";
import { Primary } from "../workers/follow-primary";
import { metricsOfAll } from "../workers/metrics-of-all";
import { createAnswering } from "./answering";
import { endBySignal } from "./end";

/** The primary has seen the proof: so long a worker gives its own question for it. */
const READY_WITHIN_MS = 10_000;

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
  const take = new Taking(primary, pod, candidates, front, first);
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

/** Goes from set to set as the primary says, one after the other. */
class Taking {
  private current: ServedSet;
  private taking: Promise<void> = Promise.resolve();

  constructor(
    private readonly primary: Primary,
    private readonly pod: Pod,
    private readonly candidates: Candidates,
    private readonly front: Front,
    first: ServedSet,
  ) {
    this.current = first;
  }

  readonly next = (set: ServedSet, number: number): void => {
    this.taking = this.taking.then(() => this.take(set, number));
  };

  private async take(set: ServedSet, number: number): Promise<void> {
    try {
      const before = this.current.bundles;
      await Promise.all(set.bundles.map((bundle) => this.bringUp(bundle)));
      const { drained } = await this.front.show(set);
      this.current = set;
      this.primary.tell({ kind: "shown", number });
      void drained.then(() => this.leave(before)).then(() => {
        this.primary.tell({ kind: "drained", number });
      }); // prettier-ignore
    } catch (error) {
      this.primary.tell({ kind: "cannot-show", number, reason: (error as Error).message });
    }
  }

  private async bringUp(bundle: Bundle): Promise<void> {
    if (this.pod.modelOf(bundle)) return;
    await this.candidates.verdictOn(bundle, () => void this.pod.add([bundle]), READY_WITHIN_MS);
    this.candidates.leave(bundle);
  }

  private async leave(bundles: readonly Bundle[]): Promise<void> {
    const gone = bundles.filter((bundle) => !this.current.bundles.includes(bundle));
    await Promise.all(gone.map((bundle) => this.pod.remove(bundle)));
  }
}

import type { Bundle } from "../bundle/read-bundles";
import type { Pod } from "../pod";
import type { Candidates } from "../swap/candidates";
import type { Log } from "../supervise/log";
import type { Front } from "../swap/front";
import type { ServedSet } from "../swap/served-set";
import type { Primary } from "../workers/follow-primary";

/** The primary has seen the proof: so long a worker gives its own question for it, while the bundle of before serves. */
const READY_WITHIN_MS = 30_000;

/** What a worker goes from set to set with. */
export interface TakingOptions {
  readonly primary: Pick<Primary, "tell">;
  readonly pod: Pick<Pod, "add" | "modelOf" | "remove">;
  readonly candidates: Candidates;
  readonly front: Pick<Front, "show">;
  readonly first: ServedSet;
  readonly log: Pick<Log, "warn">;
  readonly readyWithinMs?: number;
}

/** Goes from set to set as the primary says, one after the other. */
export class Taking {
  private current: ServedSet;
  private taking: Promise<void> = Promise.resolve();

  constructor(private readonly options: TakingOptions) {
    this.current = options.first;
  }

  /** The first set: shown at once, or, where others answer meanwhile, when this process is ready to. */
  begin(othersReady: boolean): Promise<void> {
    const begun = this.showFirst(othersReady);
    this.taking = begun.catch(() => undefined); // who called ends the process, and no set is taken
    return begun;
  }

  readonly next = (set: ServedSet, number: number): void => {
    this.taking = this.taking.then(() => this.take(set, number));
  };

  private async showFirst(othersReady: boolean): Promise<void> {
    const { pod, front, first, log } = this.options;
    if (othersReady) {
      await this.bringUp(first.bundles).catch((error: unknown) => {
        log.warn({ err: error }, "not ready in time; what comes here is answered with the reason");
      });
    } else pod.add(first.bundles);
    await front.show(first);
  }

  private async take(set: ServedSet, number: number): Promise<void> {
    const { primary, front } = this.options;
    try {
      const before = this.current.bundles;
      await this.bringUp(set.bundles);
      const { drained } = await front.show(set);
      this.current = set;
      primary.tell({ kind: "shown", number });
      void drained.then(() => this.leave(before)).then(() => {
        primary.tell({ kind: "drained", number });
      }); // prettier-ignore
    } catch (error) {
      primary.tell({ kind: "cannot-show", number, reason: (error as Error).message });
      await this.leave(set.bundles); // nothing shows them
    }
  }

  /** @throws Error where one of them is not seen to be ready: without that, the one before it stays */
  private async bringUp(bundles: readonly Bundle[]): Promise<void> {
    const reasons = await Promise.all(bundles.map((bundle) => this.reasonAgainst(bundle)));
    const reason = reasons.find((one) => one !== undefined);
    if (reason !== undefined) throw new Error(reason);
  }

  private async reasonAgainst(bundle: Bundle): Promise<string | undefined> {
    const { pod, candidates, readyWithinMs = READY_WITHIN_MS } = this.options;
    if (pod.modelOf(bundle)) return undefined;
    const verdict = await candidates.verdictOn(bundle, () => void pod.add([bundle]), readyWithinMs);
    candidates.leave(bundle);
    if (verdict === undefined) return undefined;
    const seen = pod.modelOf(bundle)?.availability;
    const what = seen === undefined || seen.state === "ready" ? verdict : `it is ${seen.state}: ${seen.reason}`;
    return `one of the API's processes did not see ${bundle.name} ready within ${Math.round(readyWithinMs / 1000)} s; ${what}`;
  }

  private async leave(bundles: readonly Bundle[]): Promise<void> {
    const { pod } = this.options;
    const gone = bundles.filter((bundle) => !this.current.bundles.includes(bundle));
    await Promise.all(gone.map((bundle) => pod.remove(bundle)));
  }
}

import { type Swap, tellSwap } from "../access/audit";
import type { Bundle, BundlesRead } from "../bundle/read-bundles";
import type { ReloadOutcome } from "../control/reload-route";
import { retrySoon } from "../jittered";
import type { Observer } from "../observer";
import type { Pod } from "../pod";
import { Problem } from "../problems";
import type { Log } from "../supervise/log";
import { withFindings, withLive, withoutBundles, withRefused } from "./arrange";
import { type Candidate, type Changes, changesOf } from "./changes";
import type { ServedSet } from "./served-set";
import type { Candidates, Verdict } from "./candidates";
import { type Shown, ShownSet } from "./shown-set";

export interface ReloaderOptions {
  readonly first: ServedSet;
  readonly read: () => Promise<BundlesRead>;
  /** The sidecars of every bundle, candidates included. */
  readonly pod: Pick<Pod, "add" | "remove" | "modelOf">;
  readonly candidates: Candidates;
  /** Rejects where some process cannot; the set before it is then shown again. */
  readonly show: (set: ServedSet) => Promise<Shown>;
  readonly hasSidecarElsewhere: (bundle: Bundle) => boolean;
  readonly observer: Pick<Observer, "swapped">;
  readonly log: Log;
}

/** An environment may have to be made, and artifacts trained. */
const PROVED_WITHIN_MS = 30 * 60_000;

const ENDING = "Picklepod is ending";
const ELSEWHERE =
  "it has changed, and its sidecar is one of SIDECAR_URLS, which something else starts. Start new pods of both, and " +
  "end the old ones when those are ready (a rolling update)";

/** Takes changed bundles in beside the ones that serve, and in their place once they are proved. */
export class Reloader {
  private readonly shown: ShownSet;
  private running: Promise<unknown> = Promise.resolve();
  private next: { readonly who: Set<string>; readonly outcomes: Promise<readonly ReloadOutcome[]> } | undefined;
  /** Who has ordered what is under way. */
  private who = "";
  private ending = false;

  constructor(private readonly options: ReloaderOptions) {
    this.shown = new ShownSet(options.first, options.show, options.log);
  }

  get served(): ServedSet {
    return this.shown.now;
  }

  /** One at a time: whoever asks while one is under way is answered by the next, which reads what lies there by then. */
  readonly reload = (who: string): Promise<readonly ReloadOutcome[]> => {
    this.next ??= this.begin(new Set());
    this.next.who.add(who);
    return this.next.outcomes;
  };

  /** Candidates are refused, and nothing is begun any more. */
  end(): void {
    this.ending = true;
    this.options.candidates.endAll(ENDING);
  }

  private begin(who: Set<string>): NonNullable<typeof this.next> {
    const outcomes = this.running.then(() => {
      this.next = undefined;
      this.who = [...who].join(", ");
      const run = this.run();
      this.running = run.catch(() => undefined);
      return run;
    });
    return { who, outcomes };
  }

  private async run(): Promise<readonly ReloadOutcome[]> {
    this.refuseAtEnd();
    const { log, read, pod } = this.options;
    log.info({ who: this.who }, `${this.who}: reading the bundles again`);
    const found = await read();
    this.refuseAtEnd();
    const changes = changesOf(found, this.shown.now, (bundle) => pod.modelOf(bundle)?.availability.state === "failed");
    const outcomes = [
      ...changes.unchanged.map((bundle) => outcome(bundle.name, "unchanged", this.digestOf(bundle))),
      ...(await this.refuseUnreadable(changes, found)),
      ...(await Promise.all(changes.candidates.map((candidate) => this.tryOut(candidate, found)))),
      ...(await this.remove(changes, found)),
    ];
    log.info({ who: this.who, bundles: outcomes }, "the bundles have been read again");
    return outcomes;
  }

  /** Asked anew each time: the end may come while something is awaited. */
  private refuseAtEnd(): void {
    if (this.ending) throw isEnding();
  }

  private async refuseUnreadable(changes: Changes, found: BundlesRead): Promise<ReloadOutcome[]> {
    const { refused, refusedReloads } = this.shown.now;
    if (changes.unreadable.length + refused.size + refusedReloads.size > 0)
      await this.shown.edit((set) => withFindings(set, changes, found));
    return changes.unreadable.map(({ name, reason, stays }) => this.refused(stays?.name ?? name, reason, stays));
  }

  private async tryOut(candidate: Candidate, found: BundlesRead): Promise<ReloadOutcome> {
    const { bundle, replaces } = candidate;
    const verdict = await this.verdictOn(bundle);
    if (verdict !== undefined) return this.refuse(candidate, verdict);
    let shown: Shown;
    try {
      shown = await this.shown.edit((set) => withLive(set, candidate, found));
    } catch (error) {
      return this.refuse(candidate, (error as Error).message);
    }
    const { candidates, observer } = this.options;
    candidates.leave(bundle);
    if (replaces) this.retire(replaces, shown);
    const { name } = bundle;
    const digest = this.digestOf(bundle);
    this.tell({ model: name, outcome: "live", before: this.digestOf(replaces), digest }, `${name} is live`);
    observer.swapped(name, "live");
    return outcome(name, "live", digest);
  }

  private verdictOn(bundle: Bundle): Promise<Verdict> {
    const { pod, candidates, hasSidecarElsewhere } = this.options;
    if (this.ending) return Promise.resolve(ENDING);
    if (hasSidecarElsewhere(bundle)) return Promise.resolve(ELSEWHERE);
    return candidates.verdictOn(bundle, () => void pod.add([bundle]), PROVED_WITHIN_MS);
  }

  private async refuse(candidate: Candidate, reason: string): Promise<ReloadOutcome> {
    const { pod, candidates } = this.options;
    const { bundle, replaces } = candidate;
    await pod.remove(bundle);
    candidates.leave(bundle);
    if (!this.ending) await this.shown.edit((set) => withRefused(set, candidate, reason));
    return this.refused(bundle.name, reason, replaces);
  }

  private refused(name: string, reason: string, stays: Bundle | undefined): ReloadOutcome {
    const digest = this.digestOf(stays);
    const meanwhile = stays ? "does not go live, and the one before it stays" : "does not serve";
    this.tell({ model: name, outcome: "refused", before: digest, digest, reason }, `${name} ${meanwhile}: ${reason}`);
    this.options.observer.swapped(name, "refused");
    return outcome(name, "refused", digest, reason);
  }

  private async remove({ gone }: Changes, found: BundlesRead): Promise<ReloadOutcome[]> {
    if (gone.length === 0) return [];
    if (this.shown.now.bundles.every((bundle) => gone.includes(bundle))) {
      const reason = "its folder is gone, and nothing else could be served. Bring a bundle, or end Picklepod";
      return gone.map((bundle) => this.refused(bundle.name, reason, bundle));
    }
    const shown = await this.shown.edit((set) => withoutBundles(set, gone, found));
    return gone.map((bundle) => {
      const { name } = bundle;
      const told = { model: name, outcome: "removed", before: this.digestOf(bundle), digest: null } as const;
      this.tell(told, `${name} is served no more: its folder is gone`);
      this.retire(bundle, shown);
      return outcome(name, "removed", null);
    });
  }

  private tell(swap: Omit<Swap, "who">, text: string): void {
    tellSwap(this.options.log, { who: this.who, ...swap }, text);
  }

  /** As its answers say it: of one that trains its artifacts, these are a part. Null where there is none. */
  private digestOf(bundle: Bundle | undefined): string | null {
    if (bundle === undefined) return null;
    const availability = this.options.pod.modelOf(bundle)?.availability;
    return availability?.state === "ready" ? availability.description.digest : bundle.json.digest;
  }

  private retire(bundle: Bundle, { drained }: Shown): void {
    const { pod, log } = this.options;
    const { name, json } = bundle;
    const told = { model: name, digest: json.digest };
    void drained
      .then(() => pod.remove(bundle))
      .then(() => {
        log.info(told, `${name}: the bundle of before has answered all it took, and is gone`);
      })
      .catch((error: unknown) => {
        log.warn({ ...told, err: error }, `${name}: the bundle of before could not be put away whole`);
      });
  }
}

const isEnding = (): Problem =>
  new Problem("unavailable", {
    detail: `${ENDING}. Reload the one that follows it.`,
    headers: retrySoon(),
  });

const outcome = (
  model: string,
  what: ReloadOutcome["outcome"],
  digest: string | null,
  reason?: string,
): ReloadOutcome => ({ model, outcome: what, digest, ...(reason !== undefined && { reason }) });

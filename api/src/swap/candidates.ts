import type { Bundle } from "../bundle/read-bundles";
import type { Model } from "../predict/model";

/** Why a candidate may not go live; undefined where it is proved. */
export type Verdict = string | undefined;

/** Candidates on their way from a folder to their proof. */
export class Candidates {
  private readonly waiting = new Map<Bundle, (verdict: Verdict) => void>();

  has(bundle: Bundle): boolean {
    return this.waiting.has(bundle);
  }

  /** To be told of every model whose availability has changed. */
  readonly changed = ({ bundle, availability }: Model): void => {
    if (availability.state === "ready") this.waiting.get(bundle)?.(undefined);
    if (availability.state === "failed") this.waiting.get(bundle)?.(availability.reason);
  };

  /** To be told of every sidecar that has ended: a candidate that ends its sidecar gets no second one. */
  readonly ended = (bundle: Bundle, reason: string): void => {
    this.waiting.get(bundle)?.(`its sidecar ended before the proof: ${reason}`);
  };

  /** Resolves with what comes of the candidate that `start` brings up. It is a candidate until `leave`. */
  verdictOn(bundle: Bundle, start: () => void, withinMs: number): Promise<Verdict> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        resolve(`it was not proved within ${Math.round(withinMs / 60_000)} minutes`);
      }, withinMs).unref();
      this.waiting.set(bundle, (verdict) => {
        clearTimeout(late);
        resolve(verdict);
      });
      start();
    });
  }

  endAll(verdict: string): void {
    for (const settle of this.waiting.values()) settle(verdict);
  }

  leave(bundle: Bundle): void {
    this.waiting.delete(bundle);
  }
}

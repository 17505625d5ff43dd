import type { Cancellation } from "./batcher";

/**
 * The one who cancels holds this, and hands it on as what it may be asked. Node's own AbortSignal is an EventTarget with a
 * registry for its end, which costs a request more than finding out what its row's cells mean.
 */
export class Canceller implements Cancellation {
  aborted = false;
  reason: unknown;
  private readonly listeners = new Set<() => void>();

  addEventListener(_type: "abort", listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.listeners.delete(listener);
  }

  /** Only the first counts. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.listeners) listener();
  }
}

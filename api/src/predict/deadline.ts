import { Problem } from "../problems";

/** When an answer is of no more use: the clock is monotonic, so that a change of the time of day changes nothing. */
export interface Deadline {
  /** Aborts with the Problem to answer: the deadline has passed, or the client has gone. */
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
  /** The client is gone: nobody waits for the answer. */
  readonly abandon: () => void;
  /** The answer is on its way: the timer must not outlive it. */
  readonly clear: () => void;
}

export function startDeadline(timeoutMs: number): Deadline {
  const expiresAt = performance.now() + timeoutMs;
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(deadlineExceeded(timeoutMs));
  }, timeoutMs);
  const clear = (): void => {
    clearTimeout(timer);
  };
  return {
    signal: controller.signal,
    remainingMs: () => expiresAt - performance.now(),
    abandon: () => {
      clear();
      controller.abort(new Problem("client-gone", { detail: "The client closed its connection before the answer." }));
    },
    clear,
  };
}

const deadlineExceeded = (timeoutMs: number): Problem =>
  new Problem("deadline-exceeded", {
    detail:
      `The answer was not ready within ${Math.round(timeoutMs)} ms. Try again, with fewer rows in a call; ` +
      "the setting REQUEST_TIMEOUT_MS allows more time.",
  });

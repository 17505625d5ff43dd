import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";
import type { Cancellation } from "./batcher";
import { Canceller } from "./canceller";

/** When an answer is of no more use: the clock is monotonic, so that a change of the time of day changes nothing. */
export interface Deadline {
  /** Aborts with the Problem to answer: the deadline has passed, or the client has gone. */
  readonly signal: Cancellation;
  readonly remainingMs: () => number;
  /** The client is gone: nobody waits for the answer. */
  readonly abandon: () => void;
  /** The answer is on its way: the timer must not outlive it. */
  readonly clear: () => void;
}

export function startDeadline(timeoutMs: number): Deadline {
  const expiresAt = performance.now() + timeoutMs;
  const canceller = new Canceller();
  const timer = setTimeout(() => {
    canceller.abort(deadlineExceeded(timeoutMs));
  }, timeoutMs);
  const clear = (): void => {
    clearTimeout(timer);
  };
  return {
    signal: canceller,
    remainingMs: () => expiresAt - performance.now(),
    abandon: () => {
      clear();
      canceller.abort(new Problem("client-gone", { detail: "The client closed its connection before the answer." }));
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

export interface PredictLimits {
  readonly bodyBytes: number;
  readonly timeoutMs: number;
}

/** A call of many rows is given this much more time for each. */
const MS_PER_ROW = 1;

/** A caller may shorten the deadline, never lengthen it. */
export function timeoutOf(request: IncomingMessage, limits: PredictLimits, rows: number): number {
  const most = limits.timeoutMs + rows * MS_PER_ROW;
  const asked = request.headers["x-request-timeout"];
  if (asked === undefined) return most;
  const ms = Number(asked);
  if (!/^\d+$/.test(String(asked)) || ms === 0) {
    throw new Problem("malformed", { detail: "X-Request-Timeout is a whole number of milliseconds, 1 or more." });
  }
  return Math.min(most, ms);
}

import type { IncomingMessage } from "node:http";

import { clientGone, Problem } from "../problems";
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

/** Of a call whose rows are predicted while it is still being read: it runs from its last row on. */
export interface HeldDeadline extends Deadline {
  readonly start: (timeoutMs: number) => void;
}

/** `timeoutMs`: how long an answer may take that is asked for before the deadline runs. */
export function holdDeadline(timeoutMs: () => number): HeldDeadline {
  const canceller = new Canceller();
  let timer: NodeJS.Timeout | undefined;
  let expiresAt: number | undefined;
  const clear = (): void => {
    clearTimeout(timer);
  };
  return {
    signal: canceller,
    remainingMs: () => (expiresAt === undefined ? timeoutMs() : expiresAt - performance.now()),
    start: (timeoutMs) => {
      expiresAt = performance.now() + timeoutMs;
      timer = setTimeout(() => {
        canceller.abort(deadlineExceeded(timeoutMs));
      }, timeoutMs);
    },
    abandon: () => {
      clear();
      canceller.abort(clientGone());
    },
    clear,
  };
}

/** Of a call whose turn came when its time was over already. */
export const tooLate = (): Problem =>
  new Problem("deadline-exceeded", {
    detail: "The call's turn did not come within its deadline. Try again, or allow it more time.",
  });

export const deadlineExceeded = (timeoutMs: number): Problem =>
  new Problem("deadline-exceeded", {
    detail:
      `The answer was not ready within ${Math.round(timeoutMs)} ms. Try again, with fewer rows in a call; ` +
      "the setting REQUEST_TIMEOUT_MS allows more time.",
  });

export interface PredictLimits {
  /** Once rows of a call are known: rejects with the Problem quota-exceeded. Undefined where nobody counts them. */
  readonly takeRows?: ((request: IncomingMessage, rows: number) => Promise<void>) | undefined;
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

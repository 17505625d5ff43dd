import type { IncomingMessage } from "node:http";

import { type HeldDeadline, tooLate } from "./deadline";

/**
 * Waits for a call's turn. That is part of its time: what it asked for has come, and only we have not looked at it.
 *
 * @returns how long it waited, in milliseconds
 * @throws Problem overloaded, client-gone, deadline-exceeded
 */
export async function waitForTurn(
  turn: Promise<void>,
  request: IncomingMessage,
  deadline: HeldDeadline,
  timeoutMs: number,
): Promise<number> {
  const since = performance.now();
  await turn;
  if (request.destroyed) deadline.abandon(); // of calls behind another of their connection this is known before `close` is heard
  if (deadline.signal.aborted) throw deadline.signal.reason;
  const waitedMs = performance.now() - since;
  if (waitedMs >= timeoutMs) throw tooLate();
  return waitedMs;
}

import { exitCodes } from "./exit-codes";

const controller = new AbortController();

/** Aborted by Ctrl-C: whoever has started a process ends it then. */
export const interrupted: AbortSignal = controller.signal;

/** How long what is under way may take to end its children and to remove what it made for a while. */
const LEAVE_WITHIN_MS = 8_000;

function interrupt(): void {
  const { code } = exitCodes.interrupted;
  if (interrupted.aborted) process.exit(code); // a second Ctrl-C waits for nothing
  process.exitCode = code;
  controller.abort(new Error("interrupted"));
  setTimeout(() => process.exit(code), LEAVE_WITHIN_MS).unref();
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function heedSignals(): void {
  for (const signal of SIGNALS) process.on(signal, interrupt);
}

/** For the verb that has a way of its own to end. */
export function leaveSignalsAlone(): void {
  for (const signal of SIGNALS) process.off(signal, interrupt);
}

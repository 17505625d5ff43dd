import { closeSync, openSync } from "node:fs";

export interface SignalHandlers {
  /** The first of SIGTERM and SIGINT; no other is heard behind it. */
  readonly stop: (signal: string) => void;
  /** SIGHUP, which asks to read again what was read at the start. */
  readonly readAgain: (signal: string) => void;
}

/** A terminal that is closed sends SIGHUP too, and what was started there is to end with it. */
export function onSignals({ stop, readAgain }: SignalHandlers): void {
  const hadTerminal = hasTerminal();
  let stopping = false;
  const end = onFirst((signal) => {
    stopping = true;
    stop(signal);
  });
  process.on("SIGTERM", end).on("SIGINT", end);
  process.on("SIGHUP", (signal) => {
    if (hadTerminal && !hasTerminal()) end(signal);
    else if (!stopping) readAgain(signal);
  });
}

/** A listener that is taken away leaves the next signal to its default, which kills at once: it stays, and does no more. */
export function onFirst(end: (signal: string) => void): (signal: string) => void {
  let isEnding = false;
  return (signal) => {
    if (isEnding) return;
    isEnding = true;
    end(signal);
  };
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

/** How a sidecar fared, from its listening to its end. */
export interface Run {
  readonly upMs: number;
  /** It came to serve: what ended it came later. */
  readonly wasReady: boolean;
}

/** What follows an end. */
export interface Restart {
  readonly delayMs: number;
  /** Ends of its kind, one soon after the other, this one included. */
  readonly inARow: number;
  /** So many that another start at once would only be work for nothing. */
  readonly isSlow: boolean;
}

const FIRST_MS = 100;
const LONGEST_MS = { unready: 10_000, serving: 200 };
const MOST_IN_A_ROW = { unready: 8, serving: 30 };
/** Often enough to notice that all is well again. */
const SLOW_MS = 60_000;
/** Up for so long, it counts as well again. */
const SETTLED_MS = 30_000;

/**
 * How long to wait before each restart: the first is immediate, then 100 ms, doubling. One that never came to serve is given
 * up sooner than one that serves until something ends it, whose next start may well last. Each kind of end is counted for
 * itself, and none before readiness counts any more once it has served: what ended many that served may end one before.
 */
export function backOff(): (run: Run) => Restart {
  const ends = { unready: 0, serving: 0 };
  return ({ upMs, wasReady }) => {
    const kind = wasReady ? "serving" : "unready";
    if (upMs >= SETTLED_MS) ends.serving = 0;
    if (upMs >= SETTLED_MS || wasReady) ends.unready = 0;
    const inARow = (ends[kind] += 1);
    if (inARow > MOST_IN_A_ROW[kind]) return { delayMs: SLOW_MS, inARow, isSlow: true };
    const delayMs = inARow === 1 ? 0 : Math.min(FIRST_MS * 2 ** (inARow - 2), LONGEST_MS[kind]);
    return { delayMs, inARow, isSlow: false };
  };
}

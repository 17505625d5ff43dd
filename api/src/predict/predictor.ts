import type { Pinned } from "../bundle/description";
import { noObserver, type Observer } from "../observer";
import { Problem } from "../problems";
import { type Columns, joinColumns, sliceColumns } from "../rows/columns";
import { Admission } from "./admission";
import { Batcher, type Lane, QueueFull } from "./batcher";
import { CallCost } from "./call-cost";
import { type Deadline, tooLate } from "./deadline";
import { joinPredictions, type Predictions, slicePredictions } from "./predictions";
import { ArtifactFailed, leftAlone } from "./sidecar-client";
import type { SidecarPool } from "./sidecar-pool";

/** Columns to predictions: cut up, batched with the calls beside them, and put together again. */
export interface Predictor {
  /**
   * Before a call is read: whether it is worth that.
   * @throws Problem overloaded, or unavailable where all sidecars are being left alone
   */
  readonly admit: (remainingMs: number) => void;
  /**
   * `whole`: it is a call; otherwise the piece of one that is under way, which is not turned away.
   * @throws Problem
   */
  readonly predict: (columns: Columns, deadline: Deadline, extent?: "whole" | "piece") => Promise<Predictions>;
  readonly rowsWaiting: () => number;
}

/** A row waits no longer than this for the rows of others, as far as can be told beforehand. */
const MOST_MS_A_CALL = 10;
/** Fewer are not worth a call of their own, however slow the model is. */
const LEAST_ROWS_A_CALL = 16;

type Sidecars = Pick<SidecarPool, "infer" | "size" | "areLeftAlone">;

interface Part {
  readonly columns: Columns;
  readonly remainingMs: () => number;
  readonly since: number;
}

export function createPredictor(
  sidecars: Sidecars,
  { name, limits: { block } }: Pick<Pinned, "name" | "limits">,
  maxRowsWaiting: number,
  observer: Observer = noObserver,
): Predictor {
  const cost = new CallCost();
  const maxRows = (): number => Math.min(block, Math.max(LEAST_ROWS_A_CALL, cost.rowsWithin(MOST_MS_A_CALL)));
  const queue = {
    maxRows,
    sidecars: () => sidecars.size,
    rowsWaitingIn: (lane: Lane): number => batcher.rowsWaitingIn(lane),
  };
  const admission = new Admission(name, cost, queue, observer);
  const batcher = new Batcher<Part, Predictions>({
    dispatch: (parts) => dispatch({ sidecars, cost, admission, observer, name }, parts),
    rowsOf: (part) => part.columns.rows,
    maxRows,
    maxRowsWaiting,
    inFlight: () => Math.max(1, sidecars.size),
    mayBeOneCalls: (error) => error instanceof ArtifactFailed,
    refuse: ({ remainingMs, since }, lane) => {
      if (remainingMs() <= 0) return tooLate();
      return lane === "single" && admission.hasWaitedTooLong(since) ? admission.waitedTooLong() : undefined;
    },
    left: admission.left,
  });
  return {
    admit: (remainingMs) => {
      if (sidecars.areLeftAlone()) {
        observer.shed(name, "breaker");
        throw leftAlone();
      }
      admission.door(remainingMs);
    },
    predict: async (columns, { signal, remainingMs }, extent = "whole") => {
      const since = performance.now();
      const parts = cut(columns, maxRows()).map((part) => ({ columns: part, remainingMs, since }));
      const lane = extent === "piece" || parts.length > 1 ? "bulk" : "single";
      try {
        if (extent === "whole") admission.check(columns.rows, remainingMs(), lane);
        return joinPredictions(await batcher.submit(parts, signal, lane));
      } catch (error) {
        throw asProblem(error, admission);
      }
    },
    rowsWaiting: () => batcher.rowsWaiting,
  };
}

/** A call larger than that is cut, so that smaller calls can pass between its parts. */
function cut(columns: Columns, most: number): Columns[] {
  const count = Math.ceil(columns.rows / most);
  return Array.from({ length: count }, (_, i) =>
    sliceColumns(columns, i * most, Math.min(most, columns.rows - i * most)),
  );
}

interface Dispatching {
  readonly sidecars: Sidecars;
  readonly cost: CallCost;
  readonly admission: Admission;
  readonly observer: Observer;
  readonly name: string;
}

async function dispatch(
  { sidecars, cost, admission, observer, name }: Dispatching,
  parts: readonly Part[],
): Promise<Predictions[]> {
  const sent = performance.now();
  for (const { since } of parts) observer.queued(name, sent - since);
  const columns = joinColumns(parts.map((part) => part.columns));
  const came = admission.sent(columns.rows);
  let predictions: Predictions;
  try {
    predictions = await sidecars.infer(columns, Math.max(...parts.map((part) => part.remainingMs())));
  } finally {
    came();
  }
  const ms = performance.now() - sent;
  cost.observe(predictions.rows, ownMs(predictions, ms));
  observer.batched(name, predictions.rows, parts.length, ms);
  let first = 0;
  return parts.map(({ columns: { rows } }) => {
    first += rows;
    return slicePredictions(predictions, first - rows, rows);
  });
}

/**
 * What the sidecar says, if it says what can be. What we see of it is longer by the wait for our own event loop: where that
 * is what is short, the model would seem slow, calls would be refused for it, and refusing them keeps the loop busy.
 */
const ownMs = ({ busyMs = NaN }: Predictions, seenMs: number): number => (busyMs <= seenMs ? busyMs : seenMs);

function asProblem(error: unknown, admission: Admission): unknown {
  if (error instanceof ArtifactFailed) return new Problem("artifact-failed", { detail: error.message });
  if (!(error instanceof QueueFull)) return error;
  return admission.refusal("rows", `${error.rowsWaiting} rows are waiting already.`);
}

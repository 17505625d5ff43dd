import type { Pinned } from "../bundle/description";
import { noObserver, type Observer } from "../observer";
import { Problem } from "../problems";
import { type Columns, joinColumns, sliceColumns } from "../rows/columns";
import { Admission } from "./admission";
import { Batcher, type Lane, QueueFull } from "./batcher";
import { CallCost } from "./call-cost";
import { type Deadline, tooLate } from "./deadline";
import { joinPredictions, type Predictions, slicePredictions } from "./predictions";
import { ArtifactFailed, leftAlone } from "./sidecar-failure";
import type { SidecarPool } from "./sidecar-pool";

/** Columns to predictions: cut up, batched with the calls beside them, and put together again. */
export interface Predictor {
  /**
   * Before a call is read: whether it is worth that.
   * @throws Problem overloaded, or unavailable where all sidecars are being left alone
   */
  readonly admit: (remainingMs: number) => void;
  /** When a call may be read; undefined where that is at once. Rejects with the Problem overloaded. */
  readonly turn: () => Promise<void> | undefined;
  /** When all rows of a call are known. @throws Problem overloaded */
  readonly admitRows: (rows: number, remainingMs: number) => void;
  /** So many rows more, or fewer, are still to be predicted of calls under way, besides those that wait here. */
  readonly owe: (rows: number) => void;
  readonly hasRoom: (rows: number, lane: Lane) => boolean;
  /** `lane`: of what is a piece of something larger. @throws Problem */
  readonly predict: (columns: Columns, deadline: Deadline, lane?: Lane) => Promise<Predictions>;
  readonly rowsWaiting: () => number;
}

/** A row waits no longer than this for the rows of others, as far as can be told beforehand. */
const MOST_MS_A_CALL = 10;
/** Fewer are not worth a call of their own, however slow the model is. */
const LEAST_ROWS_A_CALL = 16;

type Sidecars = Pick<SidecarPool, "infer" | "places" | "areLeftAlone">;

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
  let owed = 0;
  const queue = {
    maxRows,
    sidecars: () => sidecars.places,
    rowsWaitingIn: (lane: Lane): number => batcher.rowsWaitingIn(lane) + (lane === "bulk" ? owed : 0),
  };
  const admission = new Admission(name, cost, queue, observer);
  const batcher = new Batcher<Part, Predictions>({
    dispatch: (parts) => dispatch({ sidecars, cost, admission, observer, name }, parts),
    rowsOf: (part) => part.columns.rows,
    maxRows,
    maxRowsWaiting,
    inFlight: () => Math.max(1, sidecars.places),
    mayBeOneCalls: (error) => error instanceof ArtifactFailed,
    refuse: (part, lane) => refusalOf(part, lane, admission),
    left: admission.left,
  });
  return {
    admit: (remainingMs) => {
      refuseWhereLeftAlone(sidecars, observer, name);
      admission.door(remainingMs);
    },
    turn: () => admission.turn(),
    admitRows: (rows, remainingMs) => {
      admission.check(rows, remainingMs, laneOf(rows, maxRows()));
    },
    owe: (rows) => (owed += rows),
    hasRoom: (rows, lane) => batcher.hasRoom(rows, lane),
    predict: async (columns, { signal, remainingMs }, lane = laneOf(columns.rows, maxRows())) => {
      const since = performance.now();
      const parts = cut(columns, maxRows()).map((part) => ({ columns: part, remainingMs, since }));
      const due = lane === "bulk" ? since + remainingMs() : 0; // single calls in the order in which they came
      const foreseen = admission.foresee(columns.rows, lane);
      try {
        return joinPredictions(await ending(batcher.submit(parts, signal, lane, due), foreseen));
      } catch (error) {
        throw asProblem(error, admission);
      }
    },
    rowsWaiting: () => batcher.rowsWaiting,
  };
}

/** Tells when it is answered, or its time is over; what fails for another reason says nothing of how long it takes. */
async function ending<T>(answer: Promise<T>, ended: () => void): Promise<T> {
  try {
    const is = await answer;
    ended();
    return is;
  } catch (error) {
    if (error instanceof Problem && error.problemName === "deadline-exceeded") ended();
    throw error;
  }
}

/** Of what is not worth sending any more. */
function refusalOf({ remainingMs, since }: Part, lane: Lane, admission: Admission): Problem | undefined {
  if (remainingMs() <= 0) return tooLate();
  return lane === "single" && admission.hasWaitedTooLong(since) ? admission.waitedTooLong() : undefined;
}

const laneOf = (rows: number, mostTogether: number): Lane => (rows > mostTogether ? "bulk" : "single");

function refuseWhereLeftAlone(sidecars: Sidecars, observer: Observer, name: string): void {
  if (!sidecars.areLeftAlone()) return;
  observer.shed(name, "breaker");
  throw leftAlone();
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
  const remainingMs = Math.max(...parts.map((part) => part.remainingMs()));
  if (remainingMs <= 0) throw tooLate(); // of a batch that was halved, others have been computed meanwhile
  const columns = joinColumns(parts.map((part) => part.columns));
  const came = admission.sent(columns.rows);
  let predictions: Predictions;
  try {
    predictions = await sidecars.infer(columns, remainingMs);
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

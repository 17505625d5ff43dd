import type { Pinned } from "../bundle/description";
import { Problem } from "../problems";
import { Batcher, QueueFull } from "./batcher";
import { CallCost } from "./call-cost";
import { type Columns, joinColumns, sliceColumns } from "../rows/columns";
import type { Deadline } from "./deadline";
import { joinPredictions, type Predictions, slicePredictions } from "./predictions";
import { ArtifactFailed } from "./sidecar-client";
import type { SidecarPool } from "./sidecar-pool";

/** Columns to predictions: cut up, batched with the calls beside them, and put together again. */
export interface Predictor {
  /** @throws Problem */
  readonly predict: (columns: Columns, deadline: Deadline) => Promise<Predictions>;
  readonly rowsWaiting: () => number;
}

/** A row waits no longer than this for the rows of others, as far as can be told beforehand. */
const MOST_MS_A_CALL = 10;
/** Fewer are not worth a call of their own, however slow the model is. */
const LEAST_ROWS_A_CALL = 16;

type Sidecars = Pick<SidecarPool, "infer" | "size">;

interface Part {
  readonly columns: Columns;
  readonly remainingMs: () => number;
}

export function createPredictor(sidecars: Sidecars, description: Pinned, maxRowsWaiting: number): Predictor {
  const { block } = description.limits;
  const cost = new CallCost();
  const maxRows = (): number => Math.min(block, Math.max(LEAST_ROWS_A_CALL, cost.rowsWithin(MOST_MS_A_CALL)));
  const batcher = new Batcher<Part, Predictions>({
    dispatch: (parts) => dispatch(sidecars, parts, cost),
    rowsOf: (part) => part.columns.rows,
    maxRows,
    maxRowsWaiting,
    inFlight: () => Math.max(1, sidecars.size),
    mayBeOneCalls: (error) => error instanceof ArtifactFailed,
  });
  return {
    predict: async (columns, { signal, remainingMs }) => {
      const parts = cut(columns, maxRows()).map((part) => ({ columns: part, remainingMs }));
      try {
        return joinPredictions(await batcher.submit(parts, signal));
      } catch (error) {
        throw asProblem(error);
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

async function dispatch(sidecars: Sidecars, parts: readonly Part[], cost: CallCost): Promise<Predictions[]> {
  const timeoutMs = Math.max(...parts.map((part) => part.remainingMs()));
  const sent = performance.now();
  const predictions = await sidecars.infer(joinColumns(parts.map((part) => part.columns)), timeoutMs);
  cost.observe(predictions.rows, performance.now() - sent);
  let first = 0;
  return parts.map(({ columns: { rows } }) => {
    first += rows;
    return slicePredictions(predictions, first - rows, rows);
  });
}

function asProblem(error: unknown): unknown {
  if (error instanceof ArtifactFailed) return new Problem("artifact-failed", { detail: error.message });
  if (!(error instanceof QueueFull)) return error;
  const detail = `${error.rowsWaiting} rows are waiting already. Try again in a second, or send fewer at once.`;
  return new Problem("overloaded", { detail, headers: { "retry-after": "1" } });
}

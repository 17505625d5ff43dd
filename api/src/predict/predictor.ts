import type { Pinned } from "../bundle/description";
import { Problem } from "../problems";
import { Batcher, QueueFull } from "./batcher";
import { type Columns, joinColumns, sliceColumns } from "./columns";
import type { Deadline } from "./deadline";
import { joinPredictions, type Predictions, slicePredictions } from "./predictions";
import { ArtifactFailed, type SidecarClient } from "./sidecar-client";

/** Columns to predictions: cut up, batched with the calls beside them, and put together again. */
export interface Predictor {
  /** @throws Problem */
  readonly predict: (columns: Columns, deadline: Deadline) => Promise<Predictions>;
  readonly rowsWaiting: () => number;
}

interface Part {
  readonly columns: Columns;
  readonly remainingMs: () => number;
}

export function createPredictor(
  client: Pick<SidecarClient, "infer">,
  description: Pinned,
  maxRowsWaiting: number,
): Predictor {
  const { block } = description.limits;
  const batcher = new Batcher<Part, Predictions>({
    dispatch: (parts) => dispatch(client, parts),
    rowsOf: (part) => part.columns.rows,
    maxRows: block,
    maxRowsWaiting,
    inFlight: 1,
    mayBeOneCalls: (error) => error instanceof ArtifactFailed,
  });
  return {
    predict: async (columns, { signal, remainingMs }) => {
      const parts = cut(columns, block).map((part) => ({ columns: part, remainingMs }));
      try {
        return joinPredictions(await batcher.submit(parts, signal));
      } catch (error) {
        throw asProblem(error);
      }
    },
    rowsWaiting: () => batcher.rowsWaiting,
  };
}

/** A call larger than a block is cut into blocks, so that smaller calls can pass between them. */
function cut(columns: Columns, block: number): Columns[] {
  const count = Math.ceil(columns.rows / block);
  return Array.from({ length: count }, (_, i) =>
    sliceColumns(columns, i * block, Math.min(block, columns.rows - i * block)),
  );
}

async function dispatch(client: Pick<SidecarClient, "infer">, parts: readonly Part[]): Promise<Predictions[]> {
  const timeoutMs = Math.max(...parts.map((part) => part.remainingMs()));
  const predictions = await client.infer(joinColumns(parts.map((part) => part.columns)), timeoutMs);
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

import type { Fault } from "../problems";
import type { Columns } from "./columns";

/** Some rows of a body, in order, read and validated off the event loop. */
export interface RowChunk {
  /** The place of its first row in the body, from 0. */
  readonly first: number;
  /** All of them, refused ones too. */
  readonly rows: number;
  /** The valid ones, in order: columns.rows + refused.length === rows. */
  readonly columns: Columns;
  /** In order. */
  readonly refused: readonly RefusedRow[];
  /** As in ValidRows. */
  readonly unknownCategories: ReadonlyMap<string, number>;
}

export interface RefusedRow {
  /** Its place in the body, from 0. */
  readonly row: number;
  /** The first of them: all, up to MAX_FAULTS_LISTED in a chunk; in the rows behind those, one. */
  readonly faults: readonly Fault[];
  /** How many there are in all. */
  readonly faultCount: number;
}

/** How the rows of a body are written. */
export type RowsMedia =
  "application/json" | "application/x-ndjson" | "text/csv" | "application/vnd.apache.arrow.stream";

export interface ReadRowsOptions {
  readonly rowsPerChunk: number;
  /** The longest that one row may be. */
  readonly maxRowBytes: number;
  readonly signal: AbortSignal;
  /** Columns that belong to the contract and are no business of the model. */
  readonly ignored?: ReadonlySet<string>;
}

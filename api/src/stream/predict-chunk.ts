import { holdDeadline } from "../predict/deadline";
import { refuseNonFinite } from "../predict/not-finite";
import { joinPredictions, type Predictions, slicePredictions } from "../predict/predictions";
import type { Predictor } from "../predict/predictor";
import { type Fault, MAX_FAULTS_LISTED, Problem } from "../problems";
import { type Columns, sliceColumns } from "../rows/columns";
import type { RefusedRow, RowChunk } from "../rows/row-chunk";
import type { OnError } from "./asked";

/** A chunk of rows and what the model says of them. */
export interface AnsweredChunk extends Pick<RowChunk, "first" | "rows" | "unknownCategories"> {
  /** Of the rows that were not refused, in order; undefined where there is none. */
  readonly predictions: Predictions | undefined;
  /** In order. */
  readonly refused: readonly RefusedRow[];
}

export interface Asking {
  /** Outputs that may be null. */
  readonly nullable: ReadonlySet<string>;
  readonly predictor: Predictor;
  readonly onError: OnError;
  readonly timeoutMs: (rows: number) => number;
  readonly signal: AbortSignal;
}

/** @throws Problem where the call fails at a row that the model does not take, or where the model cannot answer */
export async function predictChunk(chunk: RowChunk, asking: Asking): Promise<AnsweredChunk> {
  const { first, rows, columns, refused, unknownCategories } = chunk;
  if (asking.onError === "fail") {
    if (refused.length > 0) throw invalidRows(chunk);
    const predictions = await predict(columns, asking);
    refuseNonFinite(predictions, asking.nullable, (row) => `#/${first + row}`);
    return { first, rows, predictions, refused, unknownCategories };
  }
  const places = placesOf(chunk);
  const answers = columns.rows === 0 ? [] : await predictApart(columns, 0, asking);
  const faulty = answers.flatMap(({ at, fault }) => (fault === undefined ? [] : [{ row: places(at), faults: [fault], faultCount: 1 }])); // prettier-ignore
  const predicted = answers.flatMap(({ predictions }) => (predictions === undefined ? [] : [predictions]));
  return {
    first,
    rows,
    unknownCategories,
    predictions: predicted.length === 0 ? undefined : joinPredictions(predicted),
    refused: faulty.length === 0 ? refused : [...refused, ...faulty].toSorted((a, b) => a.row - b.row),
  };
}

/** Where the valid rows of a chunk stand in the body. */
function placesOf({ first, rows, refused }: RowChunk): (valid: number) => number {
  if (refused.length === 0) return (valid) => first + valid;
  const isRefused = new Set(refused.map(({ row }) => row));
  const places = Array.from({ length: rows }, (_, i) => first + i).filter((place) => !isRefused.has(place));
  return (valid) => places[valid] ?? first + valid;
}

/** Rows that stand together among the valid ones, from `at`: answered, or one that cannot be. */
interface Answer {
  readonly at: number;
  readonly predictions?: Predictions;
  readonly fault?: Fault;
}

/** All of them at once; and where the artifact raises or gives what is no number, so that only the rows fail that are why. */
async function predictApart(columns: Columns, at: number, asking: Asking): Promise<Answer[]> {
  try {
    const predictions = await predict(columns, asking);
    return notFiniteApart(predictions, at, asking);
  } catch (error) {
    if (!(error instanceof Problem) || error.problemName !== "artifact-failed") throw error;
    if (columns.rows === 1) return [{ at, fault: { detail: error.message, pointer: "#" } }];
    const half = Math.ceil(columns.rows / 2);
    const before = await predictApart(sliceColumns(columns, 0, half), at, asking);
    return [...before, ...(await predictApart(sliceColumns(columns, half, columns.rows - half), at + half, asking))];
  }
}

function notFiniteApart(predictions: Predictions, at: number, asking: Asking): Answer[] {
  try {
    refuseNonFinite(predictions, asking.nullable, () => "#");
    return [{ at, predictions }];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (predictions.rows === 1)
      return [{ at, fault: error.members.faults?.[0] ?? { detail: error.message, pointer: "#" } }];
    const half = Math.ceil(predictions.rows / 2);
    const after = slicePredictions(predictions, half, predictions.rows - half);
    return [
      ...notFiniteApart(slicePredictions(predictions, 0, half), at, asking),
      ...notFiniteApart(after, at + half, asking),
    ];
  }
}

const WAIT_MS = 20;

/**
 * A stream has time: it waits for its turn and for room in the queue, since refusing it would lose what was done. What
 * has to be in time is each call of the sidecar that its rows are cut into.
 */
async function predict(columns: Columns, { predictor, timeoutMs, signal }: Asking): Promise<Predictions> {
  signal.throwIfAborted();
  while (!predictor.hasRoom(columns.rows, "bulk")) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    signal.throwIfAborted();
  }
  const deadline = holdDeadline(() => timeoutMs(columns.rows)); // never started
  signal.addEventListener("abort", deadline.abandon);
  try {
    return await predictor.predict(columns, deadline, "bulk");
  } finally {
    signal.removeEventListener("abort", deadline.abandon);
    deadline.clear();
  }
}

function invalidRows({ first, rows, refused }: RowChunk): Problem {
  const faultCount = refused.reduce((sum, row) => sum + row.faultCount, 0);
  const detail =
    `${faultCount} ${faultCount === 1 ? "fault" : "faults"} in the rows ${first} to ${first + rows - 1} of the body; none of these was predicted. ` +
    "Mend what errors lists, or ask for the other rows with ?on_error=skip, or for nulls in place of these with ?on_error=null.";
  const faults = refused.flatMap((row) => row.faults).slice(0, MAX_FAULTS_LISTED);
  return new Problem("invalid-rows", { detail, faults, faultCount });
}

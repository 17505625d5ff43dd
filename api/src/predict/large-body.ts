import type { IncomingMessage, ServerResponse } from "node:http";

import type { Bundle } from "../bundle/read-bundles";
import { type Fault, MAX_FAULTS_LISTED, Problem } from "../problems";
import type { Columns } from "../rows/columns";
import { readRowChunks } from "../rows/read-row-chunks";
import type { RowChunk } from "../rows/row-chunk";
import { tooManyRows } from "../rows/too-many-rows";
import { invalidRows, noRow } from "../rows/validate-rows";
import type { BodyLimit } from "./body-limit";
import { parserOf } from "./parse-body";
import { joinPredictions, type Predictions } from "./predictions";
import { readPieces } from "./read-body";

/** What came of a body's rows, and where in it each stands. */
export interface PredictedRows {
  readonly predictions: Predictions;
  readonly unknownCategories: ReadonlyMap<string, number>;
  readonly pointerOf: (row: number) => string;
}

export interface Asking {
  /** All rows of the call that have been read, the refused ones too. */
  readonly progress: { rows: number };
  readonly predict: (columns: Columns) => Promise<Predictions>;
  /** The last row has been read: from here on, time counts. */
  readonly onRead: () => void;
}

/** What is larger would hold up every other call for some milliseconds while it is parsed. */
const LARGE_BYTES = 256 * 1024;
const ROWS_PER_CHUNK = 1_024;

/** A body that does not say how large it is may be large. */
export function isLarge({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return length === undefined ? headers["transfer-encoding"] !== undefined : Number(length) > LARGE_BYTES;
}

/**
 * A JSON body of rows, read and validated in another thread, with the verdict that a small one would get. Rows are predicted
 * while those behind them are still being read; where one of these is refused, nothing that was predicted is answered.
 * @throws Problem
 */
export async function predictLargeBody(
  bundle: Bundle,
  limit: BodyLimit,
  request: IncomingMessage,
  response: ServerResponse,
  asking: Asking,
): Promise<PredictedRows> {
  parserOf(request.headers["content-type"]); // another media type is refused
  const gone = new AbortController();
  const abort = (): void => {
    gone.abort(new Problem("client-gone", { detail: "The client closed its connection before the answer." }));
  };
  response.once("close", abort);
  const start = { isList: true };
  const body = observeStart(readPieces(request, limit), start);
  const options = { rowsPerChunk: ROWS_PER_CHUNK, maxRowBytes: limit.bytes, signal: gone.signal };
  try {
    const chunks = readRowChunks(bundle, "application/json", body, options);
    const predicted = await predictChunks(chunks, bundle.manifest.limits.rows, asking);
    return { ...predicted, pointerOf: start.isList ? (row) => `#/${row}` : () => "#" };
  } finally {
    response.off("close", abort);
  }
}

/** @throws Problem invalid-rows with every fault of every row, or body-too-large */
async function predictChunks(
  chunks: AsyncIterable<RowChunk>,
  maxRows: number,
  { progress, predict, onRead }: Asking,
): Promise<Omit<PredictedRows, "pointerOf">> {
  const read = new RowsRead(maxRows);
  const parts: Promise<Predictions>[] = [];
  // One behind the other, so that a call never stands in its own way; reading waits for none of them, as rows that are
  // refused are told before whatever else went wrong.
  let last: Promise<unknown> = Promise.resolve();
  for await (const chunk of chunks) {
    read.add(chunk);
    progress.rows = read.rows;
    if (read.faultCount > 0 || chunk.columns.rows === 0) continue;
    const part = last.then(() => predict(chunk.columns));
    part.catch(() => undefined); // it is asked below, where no row was refused
    parts.push(part);
    last = part;
  }
  onRead();
  if (read.rows === 0) throw invalidRows({ listed: [noRow], total: 1 }, 0);
  if (read.faultCount > 0) throw invalidRows({ listed: read.faults, total: read.faultCount }, read.rows);
  return { predictions: joinPredictions(await Promise.all(parts)), unknownCategories: read.unknownCategories };
}

/** What is known of a body's rows so far. */
class RowsRead {
  rows = 0;
  faultCount = 0;
  readonly faults: Fault[] = [];
  readonly unknownCategories = new Map<string, number>();

  constructor(private readonly maxRows: number) {}

  /** @throws Problem body-too-large */
  add({ rows, refused, unknownCategories }: RowChunk): void {
    this.rows += rows;
    if (this.rows > this.maxRows) throw tooManyRows("more", this.maxRows);
    for (const { faults, faultCount } of refused) {
      this.faultCount += faultCount;
      this.faults.push(...faults.slice(0, MAX_FAULTS_LISTED - this.faults.length));
    }
    for (const [name, count] of unknownCategories)
      this.unknownCategories.set(name, (this.unknownCategories.get(name) ?? 0) + count);
  }
}

const BLANK = /^[\s\ufeff]*$/;

/** Notes whether the body begins as a list does, or as one row alone. */
async function* observeStart(pieces: AsyncIterable<Buffer>, start: { isList: boolean }): AsyncGenerator<Buffer> {
  let isSeen = false;
  for await (const piece of pieces) {
    if (!isSeen) {
      const text = piece.toString("utf8");
      isSeen = !BLANK.test(text);
      start.isList = /^[\s\ufeff]*\[/.test(text);
    }
    yield piece;
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";

import type { Bundle } from "../bundle/read-bundles";
import { clientGone, type Fault, MAX_FAULTS_LISTED, Problem } from "../problems";
import type { Columns } from "../rows/columns";
import { countBytes } from "../rows/count-bytes";
import { readRowChunks } from "../rows/read-row-chunks";
import type { RowChunk } from "../rows/row-chunk";
import { tooManyRows } from "../rows/too-many-rows";
import { invalidRows, noRow } from "../rows/validate-rows";
import type { Lane } from "./batcher";
import type { BodyLimit } from "./body-limit";
import { parserOf } from "./parse-body";
import { joinPredictions, type Predictions } from "./predictions";
import { again } from "./read-body";

/** What came of a body's rows, and where in it each stands. */
export interface PredictedRows {
  readonly predictions: Predictions;
  readonly unknownCategories: ReadonlyMap<string, number>;
  readonly pointerOf: (row: number) => string;
}

export interface Asking {
  /** All rows of the call that have been read, the refused ones too. */
  readonly progress: { rows: number };
  readonly predict: (columns: Columns, lane?: Lane) => Promise<Predictions>;
  /** All its rows are known: so many are still to be predicted. @throws Problem overloaded */
  readonly admit: (rows: number) => void;
  /** So many rows more, or fewer, wait here for those before them. */
  readonly owe: (rows: number) => void;
  /** The last row has been read: from here on, time counts. */
  readonly onRead: () => void;
}

/** What is larger would hold up every other call for some milliseconds while it is parsed. */
const LARGE_BYTES = 256 * 1024;
const ROWS_PER_CHUNK = 1_024;

/** A body that does not say how large it is may be large: see `beginning`. */
export function mayBeLarge({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return length === undefined ? headers["transfer-encoding"] !== undefined : Number(length) > LARGE_BYTES;
}

/** A body of few bytes may ask for many cells: `{}` is a row, each of whose inputs is looked for. */
const MANY_CELLS = 50_000;
const OPEN_BRACE = 0x7b;

export function hasManyCells(body: Buffer, inputs: number): boolean {
  const most = MANY_CELLS / inputs;
  return countBytes(body, OPEN_BRACE, most) > most;
}

/** The body, where it turns out to be no large one; all its pieces, where it is one. */
export async function beginning(pieces: AsyncGenerator<Buffer, void, void>): Promise<Buffer | AsyncGenerator<Buffer>> {
  const first: Buffer[] = [];
  let size = 0;
  while (size <= LARGE_BYTES) {
    const { value } = await pieces.next();
    if (value === undefined) return Buffer.concat(first);
    first.push(value);
    size += value.length;
  }
  return again(first, pieces);
}

/**
 * A JSON body of rows, read and validated in another thread, with the verdict that a small one would get. Rows are predicted
 * while those behind them are still being read; where one of these is refused, nothing that was predicted is answered.
 * @throws Problem
 */
export async function predictLargeBody(
  bundle: Bundle,
  pieces: AsyncGenerator<Buffer>,
  { bytes }: Pick<BodyLimit, "bytes">,
  response: ServerResponse,
  asking: Asking,
): Promise<PredictedRows> {
  parserOf(response.req.headers["content-type"]); // another media type is refused
  const gone = new AbortController();
  const abort = (): void => {
    gone.abort(clientGone());
  };
  response.once("close", abort);
  const start = { isList: true };
  const body = observeStart(pieces, start);
  const options = { rowsPerChunk: ROWS_PER_CHUNK, maxRowBytes: bytes, signal: gone.signal };
  try {
    const chunks = readRowChunks(bundle, "application/json", body, options);
    const predicted = await predictChunks(chunks, bundle.manifest.limits.rows, asking);
    return { ...predicted, pointerOf: start.isList ? (row) => `#/${row}` : () => "#" };
  } finally {
    response.off("close", abort);
  }
}

/** @throws Problem invalid-rows with every fault of every row, body-too-large, or quota-exceeded */
async function predictChunks(
  chunks: AsyncIterable<RowChunk>,
  maxRows: number,
  asking: Asking,
): Promise<Omit<PredictedRows, "pointerOf">> {
  const read = new RowsRead(maxRows);
  const parts = new PartsInTurn(asking);
  for await (const chunk of chunks) {
    read.add(chunk);
    asking.progress.rows = read.rows;
    if (parts.overQuota) throw parts.overQuota;
    if (read.faultCount === 0 && chunk.columns.rows > 0) parts.add(chunk.columns);
  }
  asking.onRead();
  if (read.rows === 0) throw invalidRows({ listed: [noRow], total: 1 }, 0);
  if (read.faultCount > 0) throw invalidRows({ listed: read.faults, total: read.faultCount }, read.rows);
  return { predictions: await parts.joined(), unknownCategories: read.unknownCategories };
}

/**
 * Predicts the parts of a call one behind the other, so that it never stands in its own way; reading waits for none of
 * them, as rows that are refused are told before whatever else went wrong.
 */
class PartsInTurn {
  private readonly parts: Promise<Predictions>[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private owed = 0;
  /** The caller may have no more rows: those that still come need not be read. */
  overQuota: Problem | undefined;

  constructor(private readonly asking: Asking) {}

  add(columns: Columns): void {
    this.owe(columns.rows);
    const part = this.last
      .finally(() => {
        this.owe(-columns.rows);
      })
      .then(() => this.asking.predict(columns, "bulk"));
    part.catch((error: unknown) => {
      // whatever else it is, is asked when all are joined, where no row was refused
      if (error instanceof Problem && error.problemName === "quota-exceeded") this.overQuota = error;
    });
    this.parts.push(part);
    this.last = part;
  }

  /** What it owes itself is not before it. @throws Problem overloaded, or of the first part that failed */
  async joined(): Promise<Predictions> {
    const { owed } = this;
    this.owe(-owed);
    try {
      if (owed > 0) this.asking.admit(owed);
    } finally {
      this.owe(owed);
    }
    return joinPredictions(await Promise.all(this.parts));
  }

  private owe(rows: number): void {
    this.owed += rows;
    this.asking.owe(rows);
  }
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

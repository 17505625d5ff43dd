import { MessageHeader, type RecordBatch, RecordBatchReader } from "apache-arrow";

import { NO_CATEGORY, Refused } from "../../bundle/cell";
import { type InputReader, setCell } from "../cell-readers";
import { type ChunkBuilder, MOST_AT_ONCE } from "../chunk-builder";
import { Problem } from "../../problems";
import type { Layout } from "../row-layouts";
import { type ArrowColumn, arrowColumn } from "./arrow-cells";
import { ArrowMessages } from "./arrow-messages";
import type { CreateDecoder } from "./decoder";
import { layoutOfNames } from "./layout-of-names";
import { malformed } from "./row-texts";

/** Rows that are read column by column; one that cannot be costs so many that are read again, each alone. */
const RUN = MOST_AT_ONCE;

/** Columns by name, in record batches. */
export const arrow: CreateDecoder = (to) => {
  const messages = new ArrowMessages();
  const batches = createBatchReader();
  let layout: Layout | undefined;

  return {
    *decode(sent) {
      for (const { bytes, kind } of messages.cut(sent)) {
        // the library would take the second one's columns by place under the first one's names
        if (kind === MessageHeader.Schema && layout !== undefined)
          throw malformed("The Arrow stream has two schemas; send one stream in a call.");
        batches.add(bytes);
        if (kind === MessageHeader.Schema) layout = layoutOfNames(batches.names(), to);
        if (kind !== MessageHeader.RecordBatch) continue;
        if (layout === undefined) throw malformed("The body is no Arrow IPC stream: it does not begin with a schema.");
        const batch = batches.next();
        if (batch.numRows > bytes.length * 8) throw malformed("A record batch of the body has fewer cells than rows.");
        yield* readBatch(batch, layout, to);
      }
    },
    *end() {
      if (layout === undefined) throw malformed("The body is empty; send an Arrow IPC stream.");
      if (messages.unfinished > 0) throw malformed("The body ends inside of a record batch.");
      if (to.room === 0) yield;
    },
    unfinished: () => messages.unfinished,
  };
};

const NO_BYTES = new Uint8Array();
const MOST_IN_VAIN = 16;

/** The library's reader, which takes what it needs: it is asked for a batch when the batch's last byte is there. */
function createBatchReader() {
  const waiting: Buffer[] = [];
  // It asks for more even where it has just enough: it is given nothing, a few times, before it is told of an end.
  const source = function* (): Generator<Uint8Array> {
    for (let inVain = 0; inVain < MOST_IN_VAIN; inVain += 1) {
      for (let bytes = waiting.shift(); bytes; bytes = waiting.shift()) {
        inVain = 0;
        yield bytes;
      }
      yield NO_BYTES;
    }
  };
  let reader: RecordBatchReader | undefined;
  const opened = (): RecordBatchReader => (reader ??= RecordBatchReader.from(source()).open());
  return {
    add: (bytes: Buffer): void => {
      waiting.push(bytes);
    },
    // the format lets a column go without a name, whatever the library's types say
    names: (): string[] => understood(() => opened().schema.fields.map(({ name }) => (name as string | null) ?? "")),
    next: (): RecordBatch => {
      const { value } = understood(() => opened().next() as IteratorResult<RecordBatch, undefined>);
      if (value === undefined) throw malformed("The body is no Arrow IPC stream: a record batch is missing.");
      return value;
    },
  };
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const why = error instanceof Error ? error.message.slice(0, 200) : "";
    throw malformed(`The Arrow IPC stream cannot be read: ${why}. Compressed record batches are not read.`);
  }
}

function* readBatch(batch: RecordBatch, layout: Layout, to: ChunkBuilder): Generator<void, void, void> {
  const columns = layout.keys.map((name, i) => {
    const data = batch.data.children[i];
    if (data === undefined || data.length < batch.numRows) throw malformed(`A record batch lacks the column ${name}.`);
    return understood(() => arrowColumn(name, data));
  });
  for (let row = 0; row < batch.numRows;) {
    const rows = Math.min(RUN, batch.numRows - row, to.room);
    if (readRun(columns, layout, to, row, rows)) to.addFilled(rows);
    else
      for (let r = row; r < row + rows; r += 1)
        to.addValues(
          layout,
          columns.map(({ cellAt }) => cellAt(r)),
        );
    row += rows;
    if (to.room === 0) yield;
  }
}

/** Whether every row of the run was read. */
function readRun(
  columns: readonly ArrowColumn[],
  layout: Layout,
  to: ChunkBuilder,
  first: number,
  rows: number,
): boolean {
  for (const [i, reader] of layout.readers.entries()) {
    const column = columns[i];
    if (reader && column && !readColumn(column, reader, to, first, rows)) return false;
  }
  const absent: ArrowColumn = { cellAt: () => undefined };
  return layout.absent.every((reader) => readColumn(absent, reader, to, first, rows));
}

function readColumn(column: ArrowColumn, reader: InputReader, to: ChunkBuilder, first: number, rows: number): boolean {
  const { least, most } = reader;
  if (column.numbers && least <= most) return copyNumbers(column, reader, to, first, rows);
  const { filling, place } = to;
  for (let r = 0; r < rows; r += 1) {
    const value = column.cellAt(first + r);
    const cell = typeof value === "number" && value >= least && value <= most ? value : reader.read(value);
    const isUnknown = cell === NO_CATEGORY && reader.tensor === "codes" && value !== null && value !== undefined;
    if (isUnknown || cell instanceof Refused) return false;
    setCell(filling, to.reader.widths, place + r, reader, cell);
  }
  return true;
}

function copyNumbers(
  { numbers = NO_NUMBERS, isNull }: ArrowColumn,
  { least, most, place, read }: InputReader,
  to: ChunkBuilder,
  first: number,
  rows: number,
): boolean {
  const width = to.reader.widths.numbers;
  const target = to.filling.numbers;
  const onNull = read(null);
  let at = to.place * width + place;
  for (let row = first; row < first + rows; row += 1, at += width) {
    const number = numbers[row] ?? NaN;
    if (isNull?.(row)) {
      if (typeof onNull !== "number") return false;
      target[at] = onNull;
    } else if (number >= least && number <= most) target[at] = number;
    else return false;
  }
  return true;
}

const NO_NUMBERS = new Float64Array();

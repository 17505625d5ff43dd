import { type Fault, MAX_FAULTS_LISTED } from "../problems";
import { emptyColumns, type WritableColumns } from "./cell-readers";
import { sliceColumns } from "./columns";
import { Faults } from "./faults";
import type { RefusedRow, RowChunk } from "./row-chunk";
import type { Layout } from "./row-layouts";
import type { RowReader } from "./row-reader";

/** A chunk of very many columns has fewer rows: 16 MB of float64. */
const MOST_CELLS = 2 ** 21;

/** As many rows as a decoder puts into `filling` before it says so. */
export const MOST_AT_ONCE = 128;
/** What a chunk has room for at first, and how many times more each time: one that fills slowly holds what has come of it. */
const [FIRST_ROOM, TIMES] = [512, 4];

/** Gathers rows until they are a chunk. */
export class ChunkBuilder {
  readonly reader: RowReader;
  readonly ignored: ReadonlySet<string>;
  /** How many rows a chunk has. */
  readonly capacity: number;
  private first = 0;
  private valid = 0;
  private refused: RefusedRow[] = [];
  private faultsListed = 0;
  private unknownCategories = new Map<string, number>();
  private columns: WritableColumns | undefined;

  constructor(reader: RowReader, ignored: ReadonlySet<string>, rowsPerChunk: number) {
    const width = reader.widths.numbers + reader.widths.codes + reader.widths.texts;
    this.capacity = Math.max(1, Math.min(rowsPerChunk, Math.floor(MOST_CELLS / Math.max(1, width))));
    this.reader = reader;
    this.ignored = ignored;
  }

  /** The place in the body of the row that comes next. */
  get next(): number {
    return this.first + this.rows;
  }

  get rows(): number {
    return this.valid + this.refused.length;
  }

  /** How many rows the chunk still takes. */
  get room(): number {
    return this.capacity - this.rows;
  }

  /** Where the next valid row goes. */
  get place(): number {
    return this.valid;
  }

  /** Anew for each use: it is another one when it has grown. */
  get filling(): WritableColumns {
    const { capacity, reader } = this;
    const columns = (this.columns ??= emptyColumns(Math.min(capacity, FIRST_ROOM), reader.widths));
    if (columns.rows >= Math.min(capacity, this.valid + MOST_AT_ONCE)) return columns;
    return (this.columns = grown(columns, Math.min(capacity, columns.rows * TIMES), reader.widths));
  }

  /** `pointer`: where the row stands, if not at its place in a list. */
  add(row: unknown, pointer = `#/${this.next}`): void {
    // As many as an answer lists are kept of a chunk, and one of each row: a million would hold up whoever is given them.
    const faults = new Faults(Math.max(1, MAX_FAULTS_LISTED - this.faultsListed));
    const rows = { rows: [row], pointerOf: () => pointer, ignored: this.ignored };
    const to = { columns: this.filling, unknownCategories: this.unknownCategories, faults };
    if (this.reader.read(rows, 0, to, this.valid)) this.valid += 1;
    else this.addRefused(faults.listed, faults.total);
  }

  addValues(layout: Layout, values: readonly unknown[]): void {
    if (this.reader.readValues(layout, values, this.filling, this.valid)) this.valid += 1;
    else this.add(Object.fromEntries(layout.keys.map((key, i) => [key, values[i]])));
  }

  /** Rows that have been put into `filling` from `place` on. */
  addFilled(rows: number): void {
    this.valid += rows;
  }

  /** A row that is none. */
  refuse(faults: readonly Fault[]): void {
    const room = Math.max(1, MAX_FAULTS_LISTED - this.faultsListed);
    this.addRefused(faults.slice(0, room), faults.length);
  }

  private addRefused(faults: readonly Fault[], faultCount: number): void {
    this.refused.push({ row: this.next, faults, faultCount });
    this.faultsListed += faults.length;
  }

  take(): RowChunk {
    const { first, rows, refused, unknownCategories } = this;
    const columns = withoutRest(this.filling, this.valid);
    this.first = this.next;
    this.valid = 0;
    this.refused = [];
    this.faultsListed = 0;
    this.unknownCategories = new Map();
    this.columns = undefined;
    return { first, rows, columns, refused, unknownCategories };
  }
}

function grown(columns: WritableColumns, rows: number, widths: RowReader["widths"]): WritableColumns {
  const { numbers, codes } = emptyColumns(rows, widths);
  numbers.set(columns.numbers);
  codes.set(columns.codes);
  const rest = new Array<string>(rows - columns.rows).fill("");
  return { rows, numbers, codes, texts: columns.texts.map((texts) => texts.concat(rest)) };
}

/** Buffers of their own, so that they can be handed to another thread. */
function withoutRest(columns: WritableColumns, rows: number): RowChunk["columns"] {
  if (rows === columns.rows) return columns;
  const { numbers, codes, texts } = sliceColumns(columns, 0, rows);
  return { rows, numbers: numbers.slice(), codes: codes.slice(), texts };
}

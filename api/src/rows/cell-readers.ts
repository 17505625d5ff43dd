import { Refused } from "../bundle/cell";
import { cellReader, columnsOf, type Input, type Tensor, tensorOf } from "../bundle/input-types";
import type { Columns } from "./columns";

/** How one input's cell is read, and where in a row of its tensor it goes. */
export interface InputReader {
  readonly name: string;
  readonly tensor: Tensor;
  readonly place: number;
  readonly read: ReturnType<typeof cellReader>;
  /** A number between these two, both included, is its own float64: it need not be read. NaN and infinities never are. */
  readonly least: number;
  readonly most: number;
}

/** Columns that are being filled. */
export type WritableColumns = Columns & { readonly texts: readonly string[][] };

export type Widths = Readonly<Record<Tensor, number>>;
type Row = Readonly<Record<string, unknown>>;

/** The inputs' readers in order, and how many columns each tensor has. */
export function inputReaders(inputs: ReadonlyMap<string, Input>): { readers: InputReader[]; widths: Widths } {
  const widths = { numbers: 0, codes: 0, texts: 0 };
  // A pattern's inputs are one and the same: half a million of them need one reader.
  const made = new Map<Input, InputReader["read"]>();
  const readers = [...inputs].map(([name, input]) => {
    const tensor = tensorOf(input);
    const place = widths[tensor];
    widths[tensor] += columnsOf(name, input).length;
    const read = made.get(input) ?? cellReader(input);
    made.set(input, read);
    return { name, tensor, place, read, ...plainRange(input) };
  });
  return { readers, widths };
}

const NO_NUMBER = { least: NaN, most: NaN };

/** Which numbers an input takes as they are. */
function plainRange(input: Input): { least: number; most: number } {
  const isPlain = input.type === "number" || input.type === "currency" || input.type === "percent";
  if (!isPlain || (input.type === "percent" && input.as === "fraction")) return NO_NUMBER;
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = input;
  return { least: Math.max(min, -Number.MAX_VALUE), most: Math.min(max, Number.MAX_VALUE) };
}

/** Puts a cell where it belongs. */
export function setCell(
  columns: WritableColumns,
  widths: Widths,
  row: number,
  { tensor, place }: InputReader,
  cell: Exclude<ReturnType<InputReader["read"]>, Refused>,
): void {
  if (typeof cell === "number") {
    if (tensor === "numbers") columns.numbers[row * widths.numbers + place] = cell;
    else columns.codes[row * widths.codes + place] = cell;
  } else if (typeof cell === "object") columns.numbers.set(cell, row * widths.numbers + place);
  else {
    const list = columns.texts[place];
    if (list) list[row] = cell;
  }
}

/** From so many inputs on it pays to look at the cells that a row has, and not at each that it may have. */
export const MANY_INPUTS = 1_000;

/** The readers that a row needs, in order. What it leaves to the others, it has when this returns. */
export type ChooseReaders = (row: Row, place: number, columns: WritableColumns) => readonly InputReader[];

/** A row that has few of very many columns takes from the others what an absent cell stands for, all at once. */
export function createReaderChoice(readers: readonly InputReader[], widths: Widths): ChooseReaders {
  if (readers.length < MANY_INPUTS) return () => readers;
  const orders = new Map(readers.map((reader, order) => [reader.name, order]));
  const absent = emptyColumns(1, widths);
  const required: number[] = [];
  for (const [order, reader] of readers.entries()) {
    const cell = reader.read(undefined);
    if (cell instanceof Refused) required.push(order);
    else setCell(absent, widths, 0, reader, cell);
  }
  return (row, place, columns) => {
    const names = Object.keys(row);
    if ((names.length + required.length) * 4 > readers.length) return readers;
    columns.numbers.set(absent.numbers, place * widths.numbers);
    columns.codes.set(absent.codes, place * widths.codes);
    for (const [i, [text = ""]] of absent.texts.entries()) (columns.texts[i] ?? [])[place] = text;
    const needed = new Set(required);
    for (const name of names) {
      const order = orders.get(name);
      if (order !== undefined) needed.add(order);
    }
    return [...needed].toSorted((a, b) => a - b).flatMap((order) => readers[order] ?? []);
  };
}

export const emptyColumns = (rows: number, widths: Widths) => ({
  rows,
  numbers: new Float64Array(rows * widths.numbers),
  codes: new Int32Array(rows * widths.codes),
  texts: Array.from({ length: widths.texts }, () => new Array<string>(rows).fill("")),
});

import { NO_CATEGORY, Refused } from "../bundle/cell";
import { type InputReader, setCell, type Widths, type WritableColumns } from "./cell-readers";

/**
 * Senders write their rows' keys in one order, again and again. A layout is such an order, with the reader of each
 * key: a row that has it is read by place, with no look-up by name. A row that holds anything out of the common is
 * left to the one who reads cell by cell: only he says what is wrong.
 * (A row of 100 inputs: 3.0 us, cell by cell 8.0 in the same run.)
 */
export interface RowLayouts {
  /** Whether it was read. Where not, its place in the columns holds nothing of meaning. */
  readonly read: (row: Readonly<Record<string, unknown>>, columns: WritableColumns, place: number) => boolean;
}

export interface Layout {
  readonly keys: readonly string[];
  /** The reader of each key; none for what is no input and may be there. */
  readonly readers: readonly (InputReader | undefined)[];
  /** Those that no key is for. */
  readonly absent: readonly InputReader[];
}

const MOST_LAYOUTS = 4;
/** Rows that each have other keys must not cost a layout each: the next is made after so many rows, doubling. */
const MOST_PATIENCE = 4_096;

export function createRowLayouts(
  readers: readonly InputReader[],
  widths: Widths,
  extra: "error" | "ignore",
): RowLayouts {
  const layoutOf = createLayoutMaker(readers, extra);
  const layouts: Layout[] = [];
  let [next, misses, patience] = [0, 0, 1];

  // Keys that are kept must not be more than the model has use for.
  const mostKeys = readers.length * 2 + 16;

  const layoutFor = (keys: readonly string[]): Layout | undefined => {
    for (const layout of layouts) if (haveSameKeys(layout.keys, keys)) return layout;
    misses += 1;
    if (misses < patience || keys.length > mostKeys) return undefined;
    const made = layoutOf(keys, nothing);
    misses = 0;
    patience = Math.min(patience * 2, MOST_PATIENCE);
    if (made) layouts[next++ % MOST_LAYOUTS] = made;
    return made;
  };

  return {
    read: (row, columns, place) => {
      const layout = layoutFor(Object.keys(row));
      return layout !== undefined && readByLayout(layout, Object.values(row), columns, widths, place);
    },
  };
}

function haveSameKeys(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i += 1) if (some[i] !== others[i]) return false;
  return true;
}

const nothing: ReadonlySet<string> = new Set();

/** Keys to a layout, where a row that has exactly these may be one that the model takes. */
export function createLayoutMaker(readers: readonly InputReader[], extra: "error" | "ignore") {
  const byName = new Map(readers.map((reader) => [reader.name, reader]));
  return (keys: readonly string[], ignored: ReadonlySet<string>): Layout | undefined => {
    const known = new Set(keys);
    const absent = readers.filter(({ name }) => !known.has(name));
    if (absent.some((reader) => reader.read(undefined) instanceof Refused)) return undefined;
    const chosen = keys.map((key) => byName.get(key));
    if (extra === "error" && keys.some((key, i) => chosen[i] === undefined && !ignored.has(key))) return undefined;
    return { keys, readers: chosen, absent };
  };
}

/** Whether a row's values, in the order of a layout's keys, were read; never says why not. */
export function readByLayout(
  { readers, absent }: Layout,
  values: readonly unknown[],
  columns: WritableColumns,
  widths: Widths,
  place: number,
): boolean {
  const { numbers } = columns;
  const row = place * widths.numbers;
  for (let i = 0; i < readers.length; i += 1) {
    const reader = readers[i];
    const value = values[i];
    if (reader === undefined) continue;
    if (typeof value === "number" && value >= reader.least && value <= reader.most) {
      numbers[row + reader.place] = value;
      continue;
    }
    const cell = value === undefined ? undefined : reader.read(value);
    const isUnknown = cell === NO_CATEGORY && reader.tensor === "codes" && value !== null;
    if (cell === undefined || isUnknown || cell instanceof Refused) return false;
    setCell(columns, widths, place, reader, cell);
  }
  for (const reader of absent) {
    const cell = reader.read(undefined);
    if (!(cell instanceof Refused)) setCell(columns, widths, place, reader, cell);
  }
  return true;
}

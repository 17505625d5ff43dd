import { NO_CATEGORY, Refused } from "../bundle/cell";
import type { Input } from "../bundle/input-types";
import type { Fault } from "../problems";
import {
  createReaderChoice,
  type InputReader,
  inputReaders,
  MANY_INPUTS,
  setCell,
  type Widths,
  type WritableColumns,
} from "./cell-readers";
import { cellFault, extraFault, type Faults, notARow } from "./faults";
import { createLayoutMaker, createRowLayouts, type Layout, readByLayout } from "./row-layouts";

/** Rows as they came, and where each stands in the body (a JSON Pointer fragment). */
export interface Rows {
  readonly rows: readonly unknown[];
  readonly pointerOf: (row: number) => string;
  /** Columns that belong to the contract and are no business of the model. */
  readonly ignored: ReadonlySet<string>;
}

/** Where rows that are read go. */
export interface RowsRead {
  readonly columns: WritableColumns;
  /** Per category input: how many rows held a value that is not among its values, where the manifest lets it pass. */
  readonly unknownCategories: Map<string, number>;
  readonly faults: Faults;
}

export interface RowReader {
  readonly widths: Widths;
  /** Reads row `r` into `place` of the columns, or adds its faults; whether it was read. */
  readonly read: (rows: Rows, r: number, to: RowsRead, place: number) => boolean;
  /** The layout of rows that all have these keys, or what is wrong with them: what no row that has them could mend. */
  readonly layoutOf: (
    keys: readonly string[],
    ignored: ReadonlySet<string>,
  ) => { readonly layout: Layout } | { readonly faults: readonly Fault[] };
  /** Reads a row given as the values of a layout's keys; where it cannot, `read` knows why. */
  readonly readValues: (layout: Layout, values: readonly unknown[], columns: WritableColumns, place: number) => boolean;
}

export interface RowRules {
  readonly inputs: ReadonlyMap<string, Input>;
  readonly extra: "error" | "ignore";
}

/** Compiled once from the manifest. */
export function createRowReader(rules: RowRules): RowReader {
  const { readers, widths } = inputReaders(rules.inputs);
  const layouts = readers.length < MANY_INPUTS ? createRowLayouts(readers, widths, rules.extra) : undefined;
  const readCells = createCellByCell(rules, readers, widths);
  return {
    widths,
    read: (rows, r, to, place) => {
      const row = rows.rows[r];
      if (!isObject(row)) {
        to.faults.add(() => notARow(row, rows.pointerOf(r)));
        return false;
      }
      if (layouts?.read(row, to.columns, place)) return true;
      const faultsBefore = to.faults.total;
      readCells({ row, ignored: rows.ignored, pointerOf: () => rows.pointerOf(r) }, to, place);
      return to.faults.total === faultsBefore;
    },
    layoutOf: createLayoutOf(rules, readers),
    readValues: (layout, values, columns, place) => readByLayout(layout, values, columns, widths, place),
  };
}

interface OneRow {
  readonly row: Row;
  readonly ignored: ReadonlySet<string>;
  readonly pointerOf: () => string;
}

/** Says of every cell what is wrong with it, and of every column that is no input. */
function createCellByCell({ inputs, extra }: RowRules, readers: readonly InputReader[], widths: Widths) {
  const names = [...inputs.keys()];
  const readersFor = createReaderChoice(readers, widths);
  return (
    { row, ignored, pointerOf }: OneRow,
    { columns, faults, unknownCategories }: RowsRead,
    place: number,
  ): void => {
    const faultsBefore = faults.total;
    const unknown: string[] = [];
    let present = 0;
    for (const reader of readersFor(row, place, columns)) {
      const value = ownCell(row, reader.name);
      if (value !== undefined) present += 1;
      const cell = reader.read(value);
      if (cell instanceof Refused) faults.add(() => cellFault(reader.name, value, cell, pointerOf()));
      else {
        setCell(columns, widths, place, reader, cell);
        const isUnknown = cell === NO_CATEGORY && value !== undefined && value !== null;
        if (isUnknown && reader.tensor === "codes") unknown.push(reader.name);
      }
    }
    if (extra === "error" && Object.keys(row).length > present) {
      for (const name of Object.keys(row)) {
        if (!inputs.has(name) && !ignored.has(name)) faults.add(() => extraFault(name, names, pointerOf()));
      }
    }
    if (faults.total === faultsBefore) for (const name of unknown) countOne(unknownCategories, name);
  };
}

function createLayoutOf({ inputs, extra }: RowRules, readers: readonly InputReader[]): RowReader["layoutOf"] {
  const names = [...inputs.keys()];
  const makeLayout = createLayoutMaker(readers, extra);
  return (keys, ignored) => {
    const layout = makeLayout(keys, ignored);
    if (layout) return { layout };
    const extras = extra === "error" ? keys.filter((key) => !inputs.has(key) && !ignored.has(key)) : [];
    const known = new Set(keys);
    const missing = readers.flatMap(({ name, read }) => {
      const cell = known.has(name) ? undefined : read(undefined);
      return cell instanceof Refused ? [cellFault(name, undefined, cell, "#")] : [];
    });
    return { faults: [...extras.map((name) => extraFault(name, names, "#")), ...missing] };
  };
}

type Row = Readonly<Record<string, unknown>>;

const isObject = (row: unknown): row is Row => typeof row === "object" && row !== null && !Array.isArray(row);

/** A row from JSON holds no functions: what is one was inherited (a column may well be called "constructor"). */
function ownCell(cells: Row, name: string): unknown {
  const value = cells[name];
  return typeof value === "function" || (name === "__proto__" && !Object.hasOwn(cells, name)) ? undefined : value;
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

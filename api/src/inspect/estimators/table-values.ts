import type { Cell, Instance, Value } from "../../pickle/value";
import { at, cellsOf, instanceOf, isMissing, numberOf, shapeOf, valuesOf } from "./read-value";
import { tableColumns } from "./table-columns";

/** What a column of a table that was pickled along holds: its different values, in order. */
export interface TableColumn {
  readonly values: readonly Cell[];
  /** Of pandas' categories, of texts, of booleans: nothing to compute with. */
  readonly isCategory: boolean;
}

/** A table of more was never meant to be read for its values. */
const MOST_CELLS = 500_000;

/** By name, the columns of a DataFrame, as pandas has pickled them since 1.3: blocks of rows, with their places. */
export function tableValues(table: Value | undefined): ReadonlyMap<string, TableColumn> {
  const found = new Map<string, TableColumn>();
  const names = tableColumns(table);
  const manager = instanceOf(instanceOf(table)?.attribute("_mgr"));
  for (const block of valuesOf(at(manager?.arguments, 0))) {
    const [values, place] = [at(instanceOf(block)?.arguments, 0), at(instanceOf(block)?.arguments, 1)];
    placesOf(place).forEach((column, row) => {
      const name = names?.[column];
      const read = name === undefined ? undefined : (categories(values) ?? rowOf(values, row));
      if (name !== undefined && read !== undefined) found.set(name, read);
    });
  }
  return found;
}

function placesOf(place: Value | undefined): number[] {
  const slice = instanceOf(place);
  if (slice?.class.endsWith(".slice") !== true) return (cellsOf(place) ?? []).map(Number);
  const [first = 0, end = 0, step = 1] = [0, 1, 2].map((one) => numberOf(at(slice.arguments, one)));
  const count = Math.min(MOST_CELLS, Math.max(0, Math.ceil((end - first) / (step || 1))));
  return Array.from({ length: count }, (_, row) => first + row * step);
}

/** A Categorical's state: (its dtype, codes, …). */
function categories(values: Value | undefined): TableColumn | undefined {
  const dtype = instanceOf(at(instanceOf(values)?.state, 0) ?? instanceOf(values)?.attribute("_dtype"));
  return told(dtype);
}

function told(dtype: Instance | undefined): TableColumn | undefined {
  const known =
    dtype?.class.endsWith(".CategoricalDtype") === true ? cellsOf(dtype.attribute("categories")) : undefined;
  return known && { values: known, isCategory: true };
}

function rowOf(values: Value | undefined, row: number): TableColumn | undefined {
  const [rows = 0, width = 0] = shapeOf(values) ?? [];
  if (values?.kind !== "array" || row >= rows || rows * width > MOST_CELLS) return undefined;
  const cells = values.cells((row + 1) * width).slice(row * width);
  const different = [...new Set(cells.filter((cell) => !isMissing(cell)))];
  const areNumbers = different.every((cell) => typeof cell === "number");
  if (areNumbers) return { values: different.sort((one, other) => one - other), isCategory: false };
  return {
    values: different.sort(),
    isCategory: different.every((cell) => ["string", "boolean"].includes(typeof cell)),
  };
}

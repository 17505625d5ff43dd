import { type Fault, Problem } from "../problems";
import { emptyColumns } from "./cell-readers";
import type { Columns } from "./columns";
import { Faults } from "./faults";
import { createRowReader, type RowRules, type Rows } from "./row-reader";
import { tooManyRows } from "./too-many-rows";

export interface ValidRows {
  readonly columns: Columns;
  /** Per category input: how many rows held a value that is not among its values, where the manifest lets it pass. */
  readonly unknownCategories: ReadonlyMap<string, number>;
}

/** Rows to columns; after this nothing checks a type again. */
export type RowValidator = (rows: Rows) => ValidRows;

/** Compiled once from the manifest.
 * @throws Problem invalid-rows with every fault of every row, or body-too-large */
export function createRowValidator({ maxRows, ...rules }: RowRules & { readonly maxRows: number }): RowValidator {
  const reader = createRowReader(rules);
  return (rows) => {
    const { length } = rows.rows;
    if (length > maxRows) throw tooManyRows(length, maxRows);
    const columns = emptyColumns(length, reader.widths);
    const unknownCategories = new Map<string, number>();
    const faults = new Faults();
    if (length === 0) faults.add(() => noRow);
    for (let r = 0; r < length; r += 1) reader.read(rows, r, { columns, unknownCategories, faults }, r);
    if (faults.total > 0) throw invalidRows(faults, length);
    return { columns, unknownCategories };
  };
}

export const noRow: Fault = { detail: "There is no row: send at least one.", pointer: "#" };

export function invalidRows({ listed, total }: Pick<Faults, "listed" | "total">, rows: number): Problem {
  const detail =
    `${total} ${total === 1 ? "fault" : "faults"} in ${rows} ${rows === 1 ? "row" : "rows"}; nothing was predicted. ` +
    "Mend what errors lists: each says what was received and what is allowed.";
  return new Problem("invalid-rows", { detail, faults: listed, faultCount: total });
}

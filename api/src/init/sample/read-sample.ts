import { basename, extname } from "node:path";

import { failed } from "../result";
import { linesOfCsv, readJson, readText } from "./read-text";

export type Row = Readonly<Record<string, unknown>>;

export interface Sample {
  readonly file: string;
  readonly rows: readonly Row[];
  /** In the order of the file. */
  readonly columns: readonly string[];
  /** Cells have places and no names: the columns are called "0", "1", … */
  readonly isPositional: boolean;
}

/** Rows out of a csv, json or jsonl file.
 * @throws InitFailed usage */
export function readSample(path: string): Sample {
  const file = basename(path);
  const text = readText(path, "--sample");
  const found = /^\.[ct]sv$/i.test(extname(path)) ? rowsOfCsv(text, file) : readJson(text, file).flatMap(rowsIn);
  if (isOfColumns(found))
    throw failed(
      "usage",
      `${file} holds columns, not rows.`,
      'Write rows: in pandas df.to_json(path, orient="records").',
      file,
    );
  const isPositional = found.some((row) => !isObject(row));
  const rows = found.map((row): Row =>
    isObject(row) ? row : Object.fromEntries([row].flat().map((cell, i) => [String(i), cell])),
  );
  if (rows.length === 0)
    throw failed("usage", `${file} holds no row.`, "Give a csv with a header, or a JSON list of rows.", file);
  return { file, rows, columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], isPositional };
}

function rowsOfCsv(text: string, file: string): Row[] {
  const [names = [], ...cells] = linesOfCsv(text, file);
  return cells.map((line) =>
    // pandas writes its index as a first column without a name.
    Object.fromEntries(names.flatMap((name, i) => (name === "" ? [] : [[name, line[i] === "" ? null : line[i]]]))),
  );
}

/** What pandas writes where it is not told `orient="records"`: a list or an object for each column. */
function isOfColumns(rows: readonly unknown[]): boolean {
  const [row] = rows;
  if (rows.length !== 1 || !isObject(row)) return false;
  const columns = Object.values(row);
  return columns.length > 0 && (columns.every(isObject) || columns.every((column) => Array.isArray(column)));
}

/** A row, a list of rows, or an object that holds them as `rows` or `request`. What is marked as not `ok` is left out. */
function rowsIn(value: unknown): unknown[] {
  if (!isObject(value))
    return Array.isArray(value) && value.some((one) => typeof one === "object") ? value.flatMap(rowsIn) : asRows(value);
  if (value["ok"] === false) return [];
  const inner = value["rows"] ?? value["request"];
  return typeof inner === "object" && inner !== null ? rowsIn(inner) : [value];
}

/** A list of texts is a row each; a list of numbers is one row. */
function asRows(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value];
  return value.every((cell) => typeof cell === "string") ? value.map((text) => [text]) : [value];
}

export const isObject = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

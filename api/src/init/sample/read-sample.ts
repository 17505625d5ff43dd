import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";

import { parse } from "csv-parse/sync";

import { failed } from "../result";

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
  const isPositional = found.some((row) => !isObject(row));
  const rows = found.map((row): Row =>
    isObject(row) ? row : Object.fromEntries([row].flat().map((cell, i) => [String(i), cell])),
  );
  if (rows.length === 0)
    throw failed("usage", `${file} holds no row.`, "Give a csv with a header, or a JSON list of rows.", file);
  return { file, rows, columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], isPositional };
}

export function readText(path: string, flag: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : String(error);
    throw failed("usage", `${path} ${why}.`, `Give ${flag} a file that can be read.`, path);
  }
}

function rowsOfCsv(text: string, file: string): Row[] {
  const [head = ""] = text.split("\n");
  const delimiters = [",", ";", "\t"].toSorted((a, b) => head.split(b).length - head.split(a).length);
  let lines: string[][];
  try {
    lines = parse(text, { delimiter: delimiters[0] ?? ",", skip_empty_lines: true, relax_column_count: false });
  } catch (error) {
    throw failed("usage", `${file} is no CSV: ${(error as Error).message}.`, "Mend it, or give JSON.", file);
  }
  const [names = [], ...cells] = lines;
  return cells.map((line) =>
    // pandas writes its index as a first column without a name.
    Object.fromEntries(names.flatMap((name, i) => (name === "" ? [] : [[name, line[i] === "" ? null : line[i]]]))),
  );
}

/** A JSON value, or one on each line. */
export function readJson(text: string, file: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.map((line, i) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (error) {
        throw failed(
          "usage",
          `${file}, line ${i + 1}: ${(error as Error).message}.`,
          "Give JSON, or a JSON value a line.",
          file,
        );
      }
    });
  }
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

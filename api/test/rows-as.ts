import { Float64, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { parse } from "csv-parse/sync";

import { ARROW, CSV, JSON_LIST, NDJSON } from "../src/stream/media";
import type { RowsMedia } from "../src/rows/row-chunk";

export type Row = Readonly<Record<string, unknown>>;

/** The same rows, as each media type has them. */
export const rowsAs: Readonly<Record<RowsMedia, (rows: readonly Row[]) => Buffer>> = {
  [JSON_LIST]: (rows) => Buffer.from(JSON.stringify(rows)),
  [NDJSON]: (rows) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join("")),
  [CSV]: (rows) => {
    const names = namesOf(rows);
    const lines = rows.map((row) => names.map((name) => csvCell(row[name])).join(","));
    return Buffer.from([names.map(csvCell).join(","), ...lines, ""].join("\r\n"));
  },
  [ARROW]: (rows) => {
    const columns = namesOf(rows).map((name) => [name, arrowColumn(rows.map((row) => row[name]))] as const);
    return Buffer.from(tableToIPC(new Table(Object.fromEntries(columns) as never), "stream"));
  },
};

const namesOf = (rows: readonly Row[]): string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))];

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : JSON.stringify(value);
}

function arrowColumn(values: readonly unknown[]) {
  const cells = values.map((value) => value ?? null);
  if (cells.every((cell) => cell === null || typeof cell === "number")) return vectorFromArray(cells, new Float64());
  const texts = cells.map((cell) => (cell === null || typeof cell === "string" ? cell : JSON.stringify(cell)));
  return vectorFromArray(texts, new Utf8());
}

/** What an answer on the native route says of each row: its values in order, each as the shortest text that round-trips. */
export const cellsOf: Readonly<Record<RowsMedia, (answer: Buffer) => string[][]>> = {
  [JSON_LIST]: (answer) => (JSON.parse(answer.toString()) as { predictions: Row[] }).predictions.map(flat),
  [NDJSON]: (answer) =>
    linesOf(answer)
      .filter((row) => !("summary" in row))
      .map(flat),
  [CSV]: (answer) => parse(answer, { from_line: 2 }),
  [ARROW]: (answer) => {
    const table = tableFromIPC(answer);
    return Array.from({ length: table.numRows }, (_, row) => table.schema.fields.map((_field, column) => text(table.getChildAt(column)?.get(row)))); // prettier-ignore
  },
};

export const linesOf = (answer: Buffer): Row[] =>
  answer
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);

const flat = (record: Row): string[] => Object.values(record).flat().map(text);

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return Object.is(value, -0) ? "-0" : String(value);
}

// Rows as one repeatable piece of a stream, in each media type, in files that the client reads; and what such a stream answers.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Float64, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";

import { cache } from "../places.mjs";

const folder = join(cache, "streams");

/** [{name, mediaType, files: {head?, chunk, tail?}, answersIn(body): probabilities}] */
export function writeStreamBodies(rows, bundle) {
  mkdirSync(folder, { recursive: true });
  return [
    {
      name: "ndjson",
      mediaType: "application/x-ndjson",
      files: write(`ndjson-${rows.length}`, { chunk: rows.map((row) => `${JSON.stringify(row)}\n`).join("") }),
      answersIn: (body) =>
        body
          .toString()
          .trim()
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line).probability),
    },
    {
      name: "csv",
      mediaType: "text/csv",
      files: write(`csv-${rows.length}`, csvParts(rows)),
      answersIn: (body) =>
        body
          .toString()
          .trim()
          .split(/\r?\n/)
          .slice(1)
          .map((line) => Number(line.split(",")[0])),
    },
    {
      name: "arrow",
      mediaType: "application/vnd.apache.arrow.stream",
      files: write(`arrow-${rows.length}`, arrowParts(rows, bundle)),
      answersIn: (body) => [...tableFromIPC(body).getChild("probability")],
    },
  ];
}

function write(name, parts) {
  return Object.fromEntries(
    Object.entries(parts).map(([part, content]) => {
      const file = join(folder, `${name}-${part}`);
      writeFileSync(file, content);
      return [part, file];
    }),
  );
}

function csvParts(rows) {
  const names = Object.keys(rows[0]);
  const line = (row) => `${names.map((name) => csvCell(row[name])).join(",")}\n`;
  return { head: `${names.join(",")}\n`, chunk: rows.map(line).join("") };
}

function csvCell(value) {
  if (value === null) return "";
  return /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value;
}

/** Typed columns, as a person with Arrow has them: what JSON holds as texts ("$5,547.78") are numbers here. */
function arrowParts(rows, { inputs }) {
  const columns = Object.fromEntries(
    [...inputs].map(([name, { type }]) => {
      const cells = rows.map((row) => row[name]);
      const isText = type === "category";
      return [name, isText ? vectorFromArray(cells, new Utf8()) : vectorFromArray(cells.map(number), new Float64())];
    }),
  );
  const stream = Buffer.from(tableToIPC(new Table(columns), "stream"));
  const schemaEnd = 8 + stream.readInt32LE(4); // the marker, the length, the schema, which has no body
  return { head: stream.subarray(0, schemaEnd), chunk: stream.subarray(schemaEnd, -8), tail: stream.subarray(-8) };
}

function number(cell) {
  if (cell === null || cell === "" || cell === "nan") return null;
  const text = String(cell).replaceAll(/[$,%]/g, "");
  return text.startsWith("(") ? -Number(text.slice(1, -1)) : Number(text);
}

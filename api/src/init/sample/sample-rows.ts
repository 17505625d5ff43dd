import { parseNumber } from "../../bundle/number-cells";
import type { PlannedInput } from "../plan/plan";
import { failed } from "../result";
import type { Row, Sample } from "./read-sample";

const NUMBERS = ["number", "integer"];

/** The sample's rows as callers would send them: the model's columns alone, and numbers as numbers. */
export function rowsOfSample(sample: Sample, inputs: readonly PlannedInput[]): Row[] {
  checkColumns(sample, inputs);
  return sample.rows.map((row) =>
    Object.fromEntries(
      inputs.flatMap((input, place) => {
        const value = row[sample.isPositional ? String(place) : input.name];
        return value === undefined ? [] : [[input.name, cellOf(value, input)]];
      }),
    ),
  );
}

/** Told once for the file: row by row it would be told as often as there are rows. */
function checkColumns({ columns, isPositional, file }: Sample, inputs: readonly PlannedInput[]): void {
  const missing = inputs.filter(
    (input, place) => !mayBeAbsent(input) && !columns.includes(isPositional ? String(place) : input.name),
  );
  if (missing.length === 0) return;
  if (isPositional)
    throw failed(
      "usage",
      `The sample's rows have ${columns.length} cells, the model takes ${inputs.length}.`,
      `Give a cell for each of ${shown(inputs.map(({ name }) => name))}.`,
      file,
    );
  throw failed(
    "usage",
    `The sample has no column ${shown(missing.map(({ name }) => name))}; it has ${shown(columns)}.`,
    "Call the sample's columns as the model does, or name them in the order of the training with --columns.",
    file,
  );
}

const mayBeAbsent = ({ entry }: PlannedInput): boolean =>
  entry.type === "ignored" || !["error", undefined].includes(entry["absent"] as string);

const MOST_SHOWN = 12;

const shown = (names: readonly string[]): string =>
  names.length <= MOST_SHOWN
    ? names.join(", ")
    : `${names.slice(0, MOST_SHOWN).join(", ")} and ${names.length - MOST_SHOWN} more`;

/** A csv has texts alone. */
function cellOf(value: unknown, { entry }: PlannedInput): unknown {
  if (typeof value !== "string") return value;
  if (entry.type === "boolean" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  const values = entry["values"];
  const isNumeric = NUMBERS.includes(entry.type) || (Array.isArray(values) && typeof values[0] === "number");
  return isNumeric ? (parseNumber(value) ?? value) : value;
}

import { parseNumber } from "../../bundle/number-cells";
import type { PlannedInput } from "../plan/plan";
import type { Row, Sample } from "./read-sample";

const NUMBERS = ["number", "integer"];

/** The sample's rows as callers would send them: the model's columns alone, and numbers as numbers. */
export function rowsOfSample(sample: Sample, inputs: readonly PlannedInput[]): Row[] {
  return sample.rows.map((row) =>
    Object.fromEntries(
      inputs.flatMap((input, place) => {
        const value = row[sample.isPositional ? String(place) : input.name];
        return value === undefined ? [] : [[input.name, cellOf(value, input)]];
      }),
    ),
  );
}

/** A csv has texts alone. */
function cellOf(value: unknown, { entry }: PlannedInput): unknown {
  if (typeof value !== "string") return value;
  if (entry.type === "boolean" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  const values = entry["values"];
  const isNumeric = NUMBERS.includes(entry.type) || (Array.isArray(values) && typeof values[0] === "number");
  return isNumeric ? (parseNumber(value) ?? value) : value;
}

import { parseCurrency, parseNumber, parsePercent } from "../../bundle/number-cells";
import type { InputEntry } from "../plan/plan";

const MOST_CATEGORIES = 50;
const LONGEST_CATEGORY = 60;

/** What an input must be to take these cells; undefined where they say nothing. */
export function inferEntry(cells: readonly unknown[]): InputEntry | undefined {
  const values = cells.filter((cell) => !isMissing(cell));
  if (values.length === 0) return undefined;
  const missing = values.length < cells.length;
  const nullable = missing ? { null: "nan" } : {};
  const all = (test: (value: unknown) => boolean): boolean => values.every(test);
  if (all((value) => /^(true|false)$/i.test(String(value)))) return { type: "boolean", ...nullable };
  if (all((value) => parseNumber(value) !== undefined)) return { type: "number", ...nullable };
  if (all((value) => parseCurrency(value) !== undefined)) return { type: "currency", ...nullable };
  if (all((value) => parsePercent(value) !== undefined)) return { type: "percent", ...nullable };
  if (!all((value) => typeof value === "string")) return undefined;
  const words = [...new Set(values as string[])].toSorted();
  const areFew = words.length <= MOST_CATEGORIES && words.length <= Math.max(2, values.length / 2);
  const areShort = words.every((word) => word.length <= LONGEST_CATEGORY);
  if (areFew && areShort) return { type: "category", values: words, ...nullable };
  return { type: "text", ...(missing && { null: { default: "" } }) };
}

/** As the API reads it: null, blanks and "nan" are no value. */
export const isMissing = (cell: unknown): boolean =>
  cell === undefined || cell === null || (typeof cell === "string" && /^\s*(nan)?\s*$/i.test(cell));

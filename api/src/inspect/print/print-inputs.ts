import type { InputFact } from "../inspection";
import { aligned, listText, numberText } from "./say";

const mostShown = 12;

/** A line a column: its name or place, its type, and what else is known of it. */
export function printInputs(inputs: readonly InputFact[], indent: string): string[] {
  const rows = inputs
    .slice(0, mostShown)
    .map((input) => [input.name ?? `column ${input.place}`, input.type, knownText(input)]);
  const more = inputs.length - mostShown;
  return [...aligned(rows, indent), ...(more > 0 ? [`${indent}… ${more} more`] : [])];
}

function knownText(input: InputFact): string {
  const { categories, range, typical, nullable, unknown, type } = input;
  if (type === "unused") return "must be there, and is not looked at";
  const known = [
    ...(categories === undefined ? [] : [`one of ${categories.length}: ${listText(categories, 48)}`]),
    ...(unknown === "ignored" ? ["others are ignored"] : []),
    ...(range === undefined ? [] : [`${numberText(range[0])} to ${numberText(range[1])}`]),
    ...(typical === undefined || range !== undefined ? [] : [`about ${numberText(typical)}`]),
    ...(nullable ? ["may be missing"] : []),
  ];
  return known.join("; ");
}

import type { Instance, Value } from "../../pickle/value";
import { at, cellsOf, isNone, mappingOf, numberOf, numbersOf, textOf } from "../estimators/read-value";

/** Which columns a ColumnTransformer's part takes: texts and whole numbers, as it was told; a mask as places. */
export type Picked = readonly (string | number)[];

/** What a table's columns are called, one for each. */
type Names = readonly (string | undefined)[];

/** What the ColumnTransformer itself made of it when fitting (since 1.0); else what it was told. */
export function pickedBy(
  transformer: Instance,
  part: string,
  told: Value | undefined,
  names?: Names,
): Picked | undefined {
  const resolved = numbersOf(mappingOf(transformer.attribute("_transformer_to_input_indices"))?.get(part));
  return resolved ?? picked(told, names);
}

function picked(told: Value | undefined, names: Names | undefined): Picked | undefined {
  const single = textOf(told) ?? numberOf(told);
  if (single !== undefined) return [single];
  if (told?.kind === "instance" && told.class.endsWith(".slice")) return sliced(told, names);
  const cells = cellsOf(told);
  if (cells?.some((cell) => typeof cell === "boolean")) {
    return cells.flatMap((cell, place) => (cell === true ? [place] : []));
  }
  return cells?.every((cell) => typeof cell === "string" || typeof cell === "number") ? cells : undefined;
}

/** As Python's slices, but that one of names holds its end as well. */
function sliced(slice: Instance, names: Names | undefined): Picked | undefined {
  const [first, last, step] = [0, 1, 2].map((place) => at(slice.arguments, place));
  const width = names?.length ?? numberOf(last);
  if (width === undefined) return undefined;
  const from = placeOf(first, 0, 0, width, names);
  const to = placeOf(last, width, 1, width, names);
  if (from === undefined || to === undefined) return undefined;
  const places: number[] = [];
  for (let place = from; place < Math.min(to, width); place += Math.max(1, numberOf(step) ?? 1)) places.push(place);
  return places;
}

function placeOf(
  bound: Value | undefined,
  absent: number,
  beyond: number,
  width: number,
  names: Names | undefined,
): number | undefined {
  if (isNone(bound)) return absent;
  const place = numberOf(bound);
  if (place !== undefined) return place < 0 ? place + width : place;
  const found = names?.indexOf(textOf(bound)) ?? -1;
  return found < 0 ? undefined : found + beyond;
}

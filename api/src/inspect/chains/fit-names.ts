import type { Fit } from "./fit";
import { bare } from "./words";

type Names = readonly string[] | undefined;

/** What names say of two that have as many columns; undefined where one of them has none. */
export function fitOfNames(
  one: string,
  from: Names,
  other: string,
  to: Names,
  scales: boolean,
): "contradiction" | Fit | undefined {
  if (from === undefined || to === undefined) return undefined;
  const known = new Set(to.map(bare));
  const differing = from.filter((name) => !known.has(bare(name)));
  if (differing.length * 2 > from.length) return "contradiction";
  if (differing.length > 0) {
    return {
      strength: 1,
      reason: `, ${from.length - differing.length} of them of the same names`,
      doubt: `${one} and ${other} were not fitted with the same columns (${differing.slice(0, 3).join(", ")}): the model may be wrong in itself.`,
    };
  }
  const reason = ", of the same names";
  if (!from.every((name, place) => bare(name) === bare(to[place] ?? ""))) {
    return {
      strength: 2,
      reason,
      doubt: `${one} and ${other} have the same columns in another order: the order of ${one} is taken.`,
    };
  }
  return scales ? { strength: 3, reason, doubt: scaledOrNot(one, other) } : { strength: 3, reason };
}

/** A scaler's result has no names, so that a model that knows them may have seen the columns as they are. */
const scaledOrNot = (scaler: string, model: string): string =>
  `${model} knows the names of its columns, which ${scaler} does not hand on: it may have been fitted without it.`;

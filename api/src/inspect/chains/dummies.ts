import type { Cell } from "../../pickle/value";
import { pythonText } from "../columns/encode";
import type { InputFact } from "../inspection";
import type { Candidate } from "./candidates";

/** Columns with all the values they were seen with, wherever the folder says so. */
export type Categories = ReadonlyMap<string, readonly Cell[]>;

/** Names like month_7: a category's column, one for each value. */
export interface Dummies {
  /** What callers send in their stead, in the order in which they first occur. */
  readonly categories: Categories;
  /** The names that stand for one value of a category. */
  readonly names: ReadonlySet<string>;
}

/** Of JSON tables, and of encoders that were fitted with the columns themselves. */
export function knownCategories(
  tables: readonly Categories[],
  candidates: readonly Candidate[],
): Map<string, readonly Cell[]> {
  const known = new Map<string, readonly Cell[]>();
  for (const { estimator } of candidates) {
    for (const { name, categories } of estimator.inputs) {
      if (name !== undefined && categories !== undefined) known.set(name, categories);
    }
  }
  for (const table of tables) for (const [name, categories] of table) known.set(name, categories);
  return known;
}

/** The names that are made of a known column and one of its values, where all values (but one, at most) are there. */
export function dummiesOf(names: readonly string[], known: Categories): Dummies {
  const wanted = new Set(names);
  const found = new Map<string, readonly string[]>();
  for (const [column, values] of known) {
    const made = values.map((value) => `${column}_${pythonText(value)}`).filter((name) => wanted.has(name));
    if (made.length > 0 && made.length >= values.length - 1 && !wanted.has(column)) found.set(column, made);
  }
  const first = (column: string): number => Math.min(...(found.get(column) ?? []).map((name) => names.indexOf(name)));
  const columns = [...found.keys()].sort((one, other) => first(one) - first(other));
  return {
    categories: new Map(columns.map((column) => [column, known.get(column) ?? []])),
    names: new Set(columns.flatMap((column) => found.get(column) ?? [])),
  };
}

/** Without a table: what stands before the first _ is the column, and the values are those that the names show. */
export function guessedDummies(names: readonly string[]): Dummies {
  const categories = new Map<string, Cell[]>();
  const taken = new Set<string>();
  for (const name of names) {
    const at = name.indexOf("_");
    if (at <= 0 || at === name.length - 1) continue;
    const values = categories.get(name.slice(0, at)) ?? [];
    values.push(name.slice(at + 1));
    categories.set(name.slice(0, at), values);
    taken.add(name);
  }
  return { categories, names: taken };
}

/** What is not sure where the values come from the names alone. */
export const valuesDoubt = (column: string, shown: string): string =>
  `${aboutValues(column)} that the model looks at: ${shown}.`;

export const isValuesDoubt = (doubt: string, column: string): boolean => doubt.startsWith(aboutValues(column));

const aboutValues = (column: string): string => `Of ${column} only the values are known`;

export const dummyInputs = (dummies: Dummies, from: number): InputFact[] =>
  [...dummies.categories].map(([name, categories], place) => ({
    name,
    place: from + place,
    type: "category",
    categories,
    nullable: false,
    unknown: "ignored",
  }));

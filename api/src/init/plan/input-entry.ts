import { parseNumber } from "../../bundle/number-cells";
import type { InputFact } from "../../inspect/inspection";
import type { Cell } from "../../pickle/value";
import { failed } from "../result";
import type { InputEntry, PlannedInput } from "./plan";

type Named = InputFact & { readonly name: string };

/** What the pickles know of a column, and where they know nothing, what the sample shows. */
export function entryOf(fact: Named, seen: InputEntry | undefined, file: string | undefined): PlannedInput {
  const { name } = fact;
  const nullable = fact.nullable ? { null: "nan" } : {};
  if (fact.type === "unused") return { name, entry: { type: "ignored" }, comment: "seen by the model, and dropped" };
  if (fact.type === "text") return { name, entry: { type: "text" } };
  if (fact.type === "category" && fact.categories !== undefined) return categoryOf(fact, fact.categories, nullable);
  if (seen === undefined) {
    if (fact.type === "category")
      return { name, entry: { type: "text" }, comment: "a category; its values are not in the pickle" };
    return { name, entry: { type: "number", ...nullable } };
  }
  if (fact.type === "number" && (seen.type === "category" || seen.type === "text"))
    throw textForNumber(fact, seen, file);
  const comment = seen.type === "number" ? undefined : `as in ${file ?? "the sample"}`;
  const own = fact.nullable && seen.type !== "text" ? { ...seen, null: "nan" } : seen;
  return { name, entry: own, comment };
}

/** Whole numbers stay numbers, texts texts; what is neither has no place among the values of a category. */
function categoryOf({ name, unknown }: Named, categories: readonly Cell[], nullable: { null?: string }): PlannedInput {
  const isMissing = (value: Cell): boolean => value === null || (typeof value === "number" && Number.isNaN(value));
  const rules = categories.some(isMissing) ? { null: "nan" } : nullable;
  const values = categories.filter((value) => !isMissing(value));
  // With an imputer before it, a missing value would become one of them.
  const isLenient = unknown === "ignored" && rules.null === undefined;
  const comment = isLenient ? "its encoder takes others for none of these: unknown: nan lets them pass" : undefined;
  if (values.length > 0 && values.every((value) => typeof value === "boolean"))
    return { name, entry: { type: "boolean", ...rules } };
  const numbers = values.map((value) => (typeof value === "string" ? NaN : Number(value)));
  if (numbers.every(Number.isSafeInteger))
    return { name, entry: { type: "category", values: numbers, ...rules }, comment };
  if (numbers.every((value) => !Number.isNaN(value))) {
    const shown = numbers.slice(0, 12).join(", ");
    return { name, entry: { type: "number", ...rules }, comment: `one of ${shown}${numbers.length > 12 ? ", …" : ""}` };
  }
  if (values.length === 0) return { name, entry: { type: "text" } };
  return { name, entry: { type: "category", values: values.map(String), ...rules }, comment };
}

const MOST_WORDS_SHOWN = 6;

/** XGBoost takes the codes of pandas' categories, and its files tell what they stand for since 3.1. */
export function codeEntry(fact: Named): PlannedInput {
  const { name, categories } = fact;
  if (categories !== undefined) {
    const { entry } = mapEntry(fact, categories);
    const shown = categories.slice(0, MOST_WORDS_SHOWN).map((value, code) => `${code} for ${String(value)}`);
    return { name, entry, comment: `the category, or its code: ${shown.join(", ")}` };
  }
  const comment = `a category's code, from 0; which is which is not in the pickle: map: {TEXT: 0, …} says it`;
  return { name, entry: { type: "number", ...(fact.nullable && { null: "nan" }) }, comment };
}

/** LabelEncoder numbers its classes in order: callers send the text, or that number. */
export function mapEntry(fact: Named, classes: readonly Cell[]): PlannedInput {
  // Whether 20 is the class or its number nobody could tell.
  if (classes.some((value) => typeof value !== "string" || parseNumber(value) !== undefined)) {
    const shown = classes.slice(0, MOST_WORDS_SHOWN).map((value, code) => `${code} for ${String(value)}`);
    return {
      name: fact.name,
      entry: { type: "number" },
      comment: `the number of its LabelEncoder: ${shown.join(", ")}`,
    };
  }
  const map = Object.fromEntries(classes.flatMap((value, code) => (value === null ? [] : [[String(value), code]])));
  const comment = "a text as its LabelEncoder knows it, or the number that stands for it";
  return { name: fact.name, entry: { type: "number", map, ...(fact.nullable && { null: "nan" }) }, comment };
}

function textForNumber({ name }: Named, { values }: InputEntry, file = "the sample"): Error {
  const words = (Array.isArray(values) ? values : []).slice(0, MOST_WORDS_SHOWN).map(String);
  const map = words.map((word, i) => `${JSON.stringify(word)}: ${i}`).join(", ");
  return failed(
    "usage",
    `The model wants a number for ${name}, ${file} has texts${words.length > 0 ? ` (${words.join(", ")})` : ""}.`,
    `Say which number stands for which text: --input '${name}={type: number, map: {${map || '"no": 0, "yes": 1'}}}'`,
    file,
  );
}

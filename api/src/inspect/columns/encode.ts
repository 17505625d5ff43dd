import type { Cell, Instance } from "../../pickle/value";
import { cellsOf, firstOf, isMissing, isNone, lengthOf, numbersOf, textOf, valuesOf } from "../estimators/read-value";
import { categoryEncoder } from "./category-encoders";
import { type Column, type Flow, changed, filled, look, makeColumns, shown } from "./column";

/** Encoders that know every value of a column. */
function learn(column: Column, categories: readonly Cell[], isError: boolean): void {
  look(column, categories.some(isMissing));
  const input = shown(column);
  if (input === undefined) return;
  input.type = "category";
  input.categories ??= categories.filter((cell) => !isMissing(cell));
  input.unknown ??= isError ? "error" : "ignored";
}

const categoriesOf = (estimator: Instance): Cell[][] =>
  valuesOf(estimator.attribute("categories_")).map((cells) => cellsOf(cells) ?? []);

const isStrict = (estimator: Instance): boolean =>
  (textOf(estimator.attribute("handle_unknown")) ?? "error") === "error";

function oneHot(estimator: Instance): Flow {
  const categories = categoriesOf(estimator);
  const dropped = cellsOf(estimator.attribute("drop_idx_"));
  const rare = rareOnes(estimator);
  return (columns) => {
    if (columns.length !== categories.length) return undefined;
    return columns.flatMap((column, place) => {
      const values = categories[place] ?? [];
      learn(column, values, isStrict(estimator));
      const seen = grouped(values, rare[place] ?? []);
      const without = dropped?.[place];
      const kept = typeof without === "number" ? seen.filter((_, at) => at !== without) : seen;
      return makeColumns(
        kept.length,
        kept.map((value) => `${column.name ?? `x${place}`}_${pythonText(value)}`),
      );
    });
  };
}

/** max_categories and min_frequency put the rare ones into one column, at the end. */
const rareOnes = (estimator: Instance): (readonly number[])[] =>
  valuesOf(estimator.attribute("_infrequent_indices")).map((places) => numbersOf(places) ?? []);

function grouped(values: readonly Cell[], rare: readonly number[]): readonly Cell[] {
  if (rare.length === 0) return values;
  return [...values.filter((_, place) => !rare.includes(place)), "infrequent_sklearn"];
}

/** As Python's str() in get_feature_names_out; whether a number was a float is not known any more. */
export const pythonText = (value: Cell): string =>
  value === null ? "None" : typeof value === "boolean" ? (value ? "True" : "False") : String(value);

function ordinal(estimator: Instance): Flow {
  const categories = categoriesOf(estimator);
  return (columns) => {
    if (columns.length !== categories.length) return undefined;
    return columns.map((column, place) => {
      learn(column, categories[place] ?? [], isStrict(estimator));
      return filled(changed(column));
    });
  };
}

/** sklearn's own: a column per column, or per class where there are more than two; any value is taken. */
function target(estimator: Instance): Flow {
  const categories = categoriesOf(estimator);
  const classes = lengthOf(firstOf(estimator, "classes_")) ?? 2;
  return (columns) => {
    if (columns.length !== categories.length) return undefined;
    const encoded = columns.map((column, place) => {
      learn(column, categories[place] ?? [], false);
      look(column, true);
      return filled(changed(column));
    });
    return classes > 2 ? makeColumns(columns.length * classes) : encoded;
  };
}

export const encoders: Readonly<Record<string, (estimator: Instance) => Flow>> = {
  OneHotEncoder: (estimator) => (isNone(estimator.attribute("categories_")) ? oldOneHot(estimator) : oneHot(estimator)),
  OrdinalEncoder: ordinal,
  CategoricalEncoder: oneHot,
  TargetEncoder: target,
};

/** Before 0.20 it took whole numbers from 0: n_values_ a column. */
function oldOneHot(estimator: Instance): Flow {
  const counts = numbersOf(estimator.attribute("n_values_"));
  const active = lengthOf(estimator.attribute("active_features_"));
  return (columns) => {
    columns.forEach((column, place) => {
      const values = Array.from({ length: counts?.[place] ?? 0 }, (_, value) => value);
      learn(column, values, isStrict(estimator));
    });
    return active === undefined ? undefined : makeColumns(active);
  };
}

export const encoderOf = (estimator: Instance): ((estimator: Instance) => Flow) | undefined =>
  estimator.class.startsWith("category_encoders.")
    ? categoryEncoder
    : encoders[estimator.class.split(".").at(-1) ?? ""];

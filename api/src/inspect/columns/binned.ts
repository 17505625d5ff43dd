import type { Instance } from "../../pickle/value";
import { partsOf } from "../estimators/parts";
import { cellsOf, instanceOf, isMissing, valuesOf } from "../estimators/read-value";
import { type Column, changed, filled, look, shown } from "./column";
import { pickedBy } from "./picked-columns";

/**
 * A HistGradientBoosting numbers its categories itself (since 1.4), in a ColumnTransformer of its own that puts them
 * before the other columns: what it learned, it learned of columns in that order.
 */
export function asBinned(estimator: Instance): (columns: readonly Column[]) => readonly Column[] {
  const preprocessor = instanceOf(estimator.attribute("_preprocessor"));
  if (preprocessor === undefined) return (columns) => columns;
  return (columns) => {
    const all = partsOf(preprocessor).map(({ name, value, columns: told }) => {
      const picked = pickedBy(preprocessor, name, told)?.map((key) => columns.at(Number(key)));
      if (picked === undefined || picked.includes(undefined)) return undefined;
      const categories = valuesOf(instanceOf(value)?.attribute("categories_"));
      return (picked as Column[]).map((column, place) => numbered(column, cellsOf(categories[place])));
    });
    return all.includes(undefined) ? columns.map(changed) : all.flatMap((part) => part ?? []);
  };
}

/** Whatever is none of them, it takes for a missing value; numbers that stand for categories are numbers still. */
function numbered(column: Column, known: ReturnType<typeof cellsOf>): Column {
  if (known === undefined) return column;
  look(column, true);
  const input = shown(column);
  if (input !== undefined) {
    const categories = known.filter((cell) => !isMissing(cell));
    input.type = categories.every((cell) => typeof cell === "number") ? "number" : "category";
    input.categories ??= categories;
    input.unknown ??= "ignored";
  }
  return filled(changed(column));
}

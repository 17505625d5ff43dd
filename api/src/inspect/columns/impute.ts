import type { Cell, Instance } from "../../pickle/value";
import { booleanOf, cellsOf, firstOf, instanceOf, lengthOf, numbersOf, textOf } from "../estimators/read-value";
import { type Column, type Flow, filled, look, makeColumns, shown } from "./column";

/** Imputers: a missing value may be sent, and what stands in its place is a typical one. */
function imputing(estimator: Instance, statistics: readonly Cell[] | undefined, takesTexts: boolean): Flow {
  const keepsEmpty = booleanOf(estimator.attribute("keep_empty_features")) ?? false;
  const constant = textOf(estimator.attribute("strategy")) === "constant";
  return (columns) => {
    const kept = columns.flatMap((column, place) => {
      look(column, true);
      const statistic = statistics?.[place];
      learn(column, statistic, takesTexts, constant);
      // A column that had no value at all when fitting is dropped.
      return Number.isNaN(statistic) && !keepsEmpty ? [] : [filled(column)];
    });
    return [...kept, ...makeColumns(indicators(estimator))];
  };
}

function learn(column: Column, statistic: Cell | undefined, takesTexts: boolean, constant: boolean): void {
  const input = shown(column);
  if (input === undefined) return;
  if (typeof statistic === "string" && input.type === "unknown") input.type = "category";
  if (!takesTexts && input.type === "unknown") input.type = "number";
  // A constant is a word for missing, not a value in the middle.
  if (typeof statistic === "number" && Number.isFinite(statistic) && !constant) input.typical ??= statistic;
}

/** add_indicator: a column more for each that had gaps. */
const indicators = (estimator: Instance): number =>
  lengthOf(instanceOf(estimator.attribute("indicator_"))?.attribute("features_")) ?? 0;

/** Means and medians are of numbers; the most frequent, and a constant, of anything. */
function simple(estimator: Instance): Flow {
  const strategy = textOf(estimator.attribute("strategy"));
  const numeric = strategy === "mean" || strategy === "median";
  return imputing(estimator, cellsOf(estimator.attribute("statistics_")), !numeric);
}

function iterative(estimator: Instance): Flow {
  const initial = instanceOf(firstOf(estimator, "initial_imputer_"));
  return imputing(estimator, initial && cellsOf(initial.attribute("statistics_")), false);
}

/** Columns without a value when fitting are dropped: _valid_mask is a yes or no per column. */
function nearest(estimator: Instance): Flow {
  const valid = cellsOf(estimator.attribute("_valid_mask"));
  const statistics = valid?.map((isValid) => (isValid === false ? Number.NaN : null));
  return imputing(estimator, statistics, false);
}

export const imputers: Readonly<Record<string, (estimator: Instance) => Flow>> = {
  SimpleImputer: simple,
  Imputer: simple,
  IterativeImputer: iterative,
  KNNImputer: nearest,
  MissingIndicator: (estimator) => (columns) => {
    for (const column of columns) look(column, true);
    return makeColumns(numbersOf(estimator.attribute("features_"))?.length ?? columns.length);
  },
};

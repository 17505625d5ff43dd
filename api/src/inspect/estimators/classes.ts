import type { Cell, Instance } from "../../pickle/value";
import { readCatboost } from "../boosters/catboost";
import { classesOfXgboost } from "../boosters/xgboost";
import { libraryOf, nameOf } from "./class-name";
import { kindOf } from "./kinds";
import { isSearch, partsOf } from "./parts";
import { cellsOf, firstOf, instanceOf, numberOf } from "./read-value";

/** The labels that a classifier answers with, in the order of its probabilities. */
export function classesOf(estimator: Instance): readonly Cell[] | undefined {
  const name = nameOf(estimator.class);
  const own = cellsOf(firstOf(estimator, "classes_", "_classes"));
  if (own !== undefined) return own;
  const encoder = instanceOf(firstOf(estimator, "_le", "_label_encoder"));
  if (encoder !== undefined) return cellsOf(encoder.attribute("classes_"));
  const binarizer = instanceOf(firstOf(estimator, "_label_binarizer"));
  if (binarizer !== undefined) return cellsOf(binarizer.attribute("classes_"));
  const inner = name === "Pipeline" ? partsOf(estimator).at(-1) : partsOf(estimator)[0];
  const part = instanceOf(inner?.value);
  if (
    part !== undefined &&
    (name === "Pipeline" || isSearch(name) || /ThresholdClassifier(?:CV)?$/.test(name) || name.startsWith("RFE"))
  )
    return classesOf(part);
  return numbered(estimator);
}

/** Newer boosters number their classes from 0 and keep the count alone. */
function numbered(estimator: Instance): readonly Cell[] | undefined {
  if (kindOf(estimator.class)?.does !== "classify") return undefined;
  const library = libraryOf(estimator.class);
  if (library === "catboost") return readCatboost(estimator)?.classes;
  const count =
    library === "xgboost" ? classesOfXgboost(estimator) : numberOf(firstOf(estimator, "n_classes_", "_n_classes"));
  if (count === undefined) return library === "xgboost" ? [0, 1] : undefined;
  return count > 100_000 ? undefined : Array.from({ length: Math.max(2, count) }, (_, label) => label);
}

import type { Instance } from "../../pickle/value";
import type { Estimator, InputFact } from "../inspection";
import { nameOf } from "./class-name";
import { isSampler, isVectorizer, kindOf } from "./kinds";
import { isPassedThrough, isSearch, partsOf } from "./parts";
import { instanceOf, textOf } from "./read-value";

/** The estimator that meets the callers' columns: through searches and Pipelines to the first that does something. */
function entranceOf(estimator: Instance): Instance {
  const name = nameOf(estimator.class);
  const parts = partsOf(estimator).filter(({ value }) => !isPassedThrough(value));
  if (name === "Pipeline") {
    const steps = parts.flatMap(({ value }) => instanceOf(value) ?? []);
    const first =
      steps.find((step) => nameOf(step.class) !== "FunctionTransformer" && !isSampler(step.class)) ?? steps[0];
    return first === undefined ? estimator : entranceOf(first);
  }
  const inner = name === "FeatureUnion" ? instanceOf(parts[0]?.value) : handedOnTo(estimator);
  return inner === undefined ? estimator : entranceOf(inner);
}

/** What stands inside and is handed the very columns that its wrapper is: a search's best estimator, one of a vote's, … */
export function handedOnTo(estimator: Instance): Instance | undefined {
  const name = nameOf(estimator.class);
  const hands = isSearch(name) || name.startsWith("Voting") || name.startsWith("Stacking") || transparent.has(name);
  return hands ? instanceOf(partsOf(estimator).find(({ value }) => !isPassedThrough(value))?.value) : undefined;
}

const transparent = new Set(
  `
  CalibratedClassifierCV OneVsRestClassifier OneVsOneClassifier MultiOutputClassifier MultiOutputRegressor
  TransformedTargetRegressor`
    .trim()
    .split(/\s+/),
);

/** One text a row. */
export const takesText = (estimator: Instance): boolean => {
  const entrance = entranceOf(estimator);
  if (nameOf(entrance.class) === "ColumnTransformer") return false;
  return isVectorizer(nameOf(entrance.class)) && textOf(entrance.attribute("input")) !== "filename";
};

export function takesOf(estimator: Instance, inputs: readonly InputFact[]): Estimator["takes"] {
  if (kindOf(estimator.class)?.role === "label-encoder") return "labels";
  if (takesText(estimator)) return "text";
  const entrance = entranceOf(estimator);
  const picksByName = nameOf(entrance.class) === "ColumnTransformer" && inputs.some(({ name }) => name !== undefined);
  const isMixed = inputs.some(({ type }) => type === "category" || type === "text");
  return picksByName || isMixed || entrance.class.startsWith("category_encoders.") ? "table" : "numbers";
}

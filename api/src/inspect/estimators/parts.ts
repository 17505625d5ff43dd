import type { Instance, Value } from "../../pickle/value";
import { nameOf } from "./class-name";
import { firstOf, at, instanceOf, isNone, textOf, valuesOf } from "./read-value";

/** An estimator within another, or the words that stand for one: "passthrough", "drop". */
export interface Part {
  readonly name: string;
  readonly value: Value;
  /** A ColumnTransformer's: which columns it takes. */
  readonly columns?: Value;
}

/** `[(name, estimator), …]`, and a ColumnTransformer's `[(name, estimator, columns), …]`. */
function named(list: Value | undefined): Part[] {
  return valuesOf(list).flatMap((entry) => {
    const [name, value, columns] = [textOf(at(entry, 0)), at(entry, 1), at(entry, 2)];
    if (name === undefined || value === undefined) return [];
    return [columns === undefined ? { name, value } : { name, value, columns }];
  });
}

const one =
  (...attributes: readonly string[]) =>
  (estimator: Instance): Part[] => {
    const value = firstOf(estimator, ...attributes);
    return value === undefined ? [] : [{ name: attributes[0] ?? "", value }];
  };

/** Of a row of equal ones, the first tells all that a person asks. */
const firstIn =
  (...attributes: readonly string[]) =>
  (estimator: Instance): Part[] => {
    const value = valuesOf(firstOf(estimator, ...attributes), 1)[0];
    return value === undefined ? [] : [{ name: attributes[0] ?? "", value }];
  };

/** The fitted ones under the names that they were given. */
function voting(estimator: Instance): Part[] {
  const names = named(estimator.attribute("estimators")).filter(({ value }) => !isDropped(value));
  const fitted = valuesOf(estimator.attribute("estimators_"));
  const parts = fitted.map((value, place) => ({ name: names[place]?.name ?? String(place), value }));
  const final = firstOf(estimator, "final_estimator_");
  return final === undefined ? parts : [...parts, { name: "final_estimator_", value: final }];
}

function calibrated(estimator: Instance): Part[] {
  const first = instanceOf(valuesOf(estimator.attribute("calibrated_classifiers_"), 1)[0]);
  return first === undefined ? [] : one("estimator", "base_estimator")(first);
}

function targetTransformed(estimator: Instance): Part[] {
  const transformer = firstOf(estimator, "transformer_");
  return [...one("regressor_")(estimator), ...(transformer ? [{ name: "transformer_", value: transformer }] : [])];
}

const search = one("best_estimator_");
const ensemble = firstIn("estimators_");
const wrapped = one("estimator_");

const partsByClass: Readonly<Record<string, (estimator: Instance) => Part[]>> = {
  Pipeline: (estimator) => named(estimator.attribute("steps")),
  ColumnTransformer: (estimator) => named(firstOf(estimator, "transformers_", "transformers")),
  FeatureUnion: (estimator) => named(estimator.attribute("transformer_list")),
  GridSearchCV: search,
  RandomizedSearchCV: search,
  HalvingGridSearchCV: search,
  HalvingRandomSearchCV: search,
  BayesSearchCV: search,
  TunedThresholdClassifierCV: wrapped,
  FixedThresholdClassifier: wrapped,
  VotingClassifier: voting,
  VotingRegressor: voting,
  StackingClassifier: voting,
  StackingRegressor: voting,
  CalibratedClassifierCV: calibrated,
  OneVsRestClassifier: ensemble,
  OneVsOneClassifier: ensemble,
  OutputCodeClassifier: ensemble,
  MultiOutputClassifier: ensemble,
  MultiOutputRegressor: ensemble,
  ClassifierChain: ensemble,
  RegressorChain: ensemble,
  BaggingClassifier: ensemble,
  BaggingRegressor: ensemble,
  AdaBoostClassifier: ensemble,
  AdaBoostRegressor: ensemble,
  TransformedTargetRegressor: targetTransformed,
  RANSACRegressor: wrapped,
  GaussianProcessClassifier: one("base_estimator_"),
  RFE: wrapped,
  RFECV: wrapped,
  SelectFromModel: wrapped,
};

export const partsOf = (estimator: Instance): Part[] => partsByClass[nameOf(estimator.class)]?.(estimator) ?? [];

/** Fitted, and so worth asking: the parameters of a search or a ColumnTransformer hold unfitted ones as well. */
export const isSearch = (name: string): boolean => partsByClass[name] === search;

/** None, "drop", "passthrough": words for no estimator. */
export const isDropped = (value: Value): boolean => isNone(value) || textOf(value) === "drop";
export const isPassedThrough = (value: Value): boolean => isNone(value) || textOf(value) === "passthrough";

import type { Instance } from "../../pickle/value";
import { readCatboost } from "../boosters/catboost";
import { readLightgbm } from "../boosters/lightgbm";
import { readXgboost } from "../boosters/xgboost";
import { libraryOf, nameOf } from "../estimators/class-name";
import { instanceOf, numbersOf, valuesOf } from "../estimators/read-value";
import { evenly } from "./splits";
import { splitsOfTrees } from "./tree-splits";

type Thresholds = readonly number[] | undefined;

/** Where what predicts splits its columns, by place; undefined where it does not. */
export function thresholdsOf(estimator: Instance): (place: number) => Thresholds {
  switch (libraryOf(estimator.class)) {
    case "xgboost":
      return (place) => readXgboost(estimator)?.splits?.of(place);
    case "lightgbm":
      return (place) => readLightgbm(estimator)?.splits.of(place);
    case "catboost":
      return (place) => some(readCatboost(estimator)?.columns[place]?.borders);
    default:
      return nameOf(estimator.class).startsWith("HistGradientBoosting") ? edgesOfBins(estimator) : ofTrees(estimator);
  }
}

const some = (thresholds: Thresholds): Thresholds =>
  thresholds === undefined || thresholds.length === 0 ? undefined : evenly(thresholds);

function edgesOfBins(estimator: Instance): (place: number) => Thresholds {
  const edges = valuesOf(instanceOf(estimator.attribute("_bin_mapper"))?.attribute("bin_thresholds_"));
  return (place) => some(numbersOf(edges[place])?.filter(Number.isFinite));
}

function ofTrees(estimator: Instance): (place: number) => Thresholds {
  const holdsTrees = estimator.attribute("tree_") !== undefined || estimator.attribute("estimators_") !== undefined;
  const splits = holdsTrees ? splitsOfTrees(estimator) : undefined;
  return (place) => splits?.of(place);
}

import type { Instance } from "../../pickle/value";
import { readCatboost } from "../boosters/catboost";
import { readLightgbm } from "../boosters/lightgbm";
import { readXgboost } from "../boosters/xgboost";
import { libraryOf, nameOf } from "../estimators/class-name";
import { instanceOf, numbersOf, shapeOf, valuesOf } from "../estimators/read-value";
import { asBinned } from "./binned";
import { type Flow, type Input, look, makeColumns, shown, splitAt } from "./column";
import { mixedWidth } from "./mix";
import { thresholdsOf } from "./thresholds";

/** What predicts is where columns end (but KMeans and its kin transform too), and knows something of them as well. */
export function learnedByPredictor(estimator: Instance): Flow {
  const knows = knowledge(estimator);
  const thresholds = thresholdsOf(estimator);
  const takesMissing = toleratesMissing(estimator);
  const count = mixedWidth(estimator);
  const handed = asBinned(estimator);
  return (columns) => {
    handed(columns).forEach((column, place) => {
      look(column, takesMissing);
      splitAt(column, thresholds(place));
      const input = shown(column);
      if (input === undefined) return;
      knows(input, place);
      if (input.type === "unknown") input.type = "number";
    });
    return count === undefined ? undefined : makeColumns(count);
  };
}

const toleratesMissing = (estimator: Instance): boolean =>
  ["xgboost", "lightgbm", "catboost"].includes(libraryOf(estimator.class)) ||
  nameOf(estimator.class).startsWith("HistGradientBoosting");

type Knowledge = (input: Input, place: number) => void;

function knowledge(estimator: Instance): Knowledge {
  const name = nameOf(estimator.class);
  if (libraryOf(estimator.class) === "lightgbm") return knownToLightgbm(estimator);
  if (libraryOf(estimator.class) === "xgboost") return knownToXgboost(estimator);
  if (libraryOf(estimator.class) === "catboost") return knownToCatboost(estimator);
  if (name.startsWith("HistGradientBoosting")) return knownToBins(estimator);
  return meansOf(estimator, name);
}

function knownToLightgbm(estimator: Instance): Knowledge {
  const model = readLightgbm(estimator);
  return (input, place) => {
    const range = model?.ranges[place];
    if (range !== undefined) within(input, ...range);
    const categories = model?.categories.get(place);
    if (categories === undefined || input.type !== "unknown") return;
    input.type = "category";
    input.categories ??= categories;
    input.unknown ??= "ignored";
  };
}

function knownToCatboost(estimator: Instance): Knowledge {
  const columns = readCatboost(estimator)?.columns;
  return (input, place) => {
    const column = columns?.[place];
    if (column?.isCategory === true && input.type === "unknown") input.type = "category";
    if (column?.range !== undefined) within(input, ...column.range);
  };
}

/** A column of the kind `c` holds the categories' codes. */
function knownToXgboost(estimator: Instance): Knowledge {
  const { types, categories } = readXgboost(estimator) ?? {};
  return (input, place) => {
    if (types?.[place] !== "c" || input.type !== "unknown") return;
    input.type = "category";
    input.coded = true;
    input.categories ??= categories?.[place];
  };
}

/** The thresholds between the bins lie within what was seen. */
function knownToBins(estimator: Instance): Knowledge {
  const thresholds = valuesOf(instanceOf(estimator.attribute("_bin_mapper"))?.attribute("bin_thresholds_"));
  return (input, place) => {
    const edges = numbersOf(thresholds[place]);
    const [low, high] = [edges?.[0], edges?.at(-1)];
    if (low !== undefined && high !== undefined) within(input, low, high);
  };
}

function within(input: Input, low: number, high: number): void {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return;
  input.range ??= [low, high];
  input.typical ??= (low + high) / 2;
}

/** Centres, means of classes, or the very rows that were learned by heart: the first rows' mean is a typical value. */
const inTheMiddle: Readonly<Record<string, string>> = {
  KMeans: "cluster_centers_",
  MiniBatchKMeans: "cluster_centers_",
  GaussianNB: "theta_",
  GaussianMixture: "means_",
  NearestCentroid: "centroids_",
  LinearDiscriminantAnalysis: "means_",
  KNeighborsClassifier: "_fit_X",
  KNeighborsRegressor: "_fit_X",
};

function meansOf(estimator: Instance, name: string): Knowledge {
  const value = estimator.attribute(inTheMiddle[name] ?? "");
  const [rows = 0, width = 0] = shapeOf(value) ?? [];
  if (value?.kind !== "array" || rows * width === 0) return () => undefined;
  const count = Math.min(rows, 64);
  const cells = numbersOf(value, count * width) ?? [];
  return (input, place) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += cells[row * width + place] ?? Number.NaN;
    if (Number.isFinite(sum)) input.typical ??= sum / count;
  };
}

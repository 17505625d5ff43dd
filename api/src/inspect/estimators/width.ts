import type { Instance, Value } from "../../pickle/value";
import { readCatboost } from "../boosters/catboost";
import { readLightgbm } from "../boosters/lightgbm";
import { readXgboost } from "../boosters/xgboost";
import { libraryOf, nameOf } from "./class-name";
import { isVectorizer } from "./kinds";
import { isDropped, isPassedThrough, partsOf } from "./parts";
import { at, firstOf, instanceOf, lengthOf, numberOf, numbersOf, shapeOf, valuesOf } from "./read-value";

/** How many columns an estimator takes: it says so since 0.24; before, the shape of what it learned does. */
export function widthOf(estimator: Instance): number | undefined {
  const name = nameOf(estimator.class);
  if (isVectorizer(name)) return 1;
  return statedWidth(estimator) ?? boosterWidth(estimator) ?? learnedWidth(estimator) ?? widthOfParts(estimator, name);
}

function statedWidth(estimator: Instance): number | undefined {
  const stated = ["n_features_in_", "n_features_", "_n_features", "n_input_features_", "_n_features_in"];
  if (["RFE", "RFECV"].includes(nameOf(estimator.class))) stated.splice(1, 1); // RFE's n_features_ is what it leaves
  for (const attribute of stated) {
    const width = numberOf(estimator.attribute(attribute));
    if (width !== undefined && width > 0) return width;
  }
  return undefined;
}

function boosterWidth(estimator: Instance): number | undefined {
  const library = libraryOf(estimator.class);
  if (library === "xgboost") return readXgboost(estimator)?.width;
  if (library === "catboost") return readCatboost(estimator)?.columns.length;
  if (library === "lightgbm") return readLightgbm(estimator)?.width;
  return undefined;
}

/** Attributes whose last dimension is a column each. */
const lastDimension = `
  x_mean_ _x_mean location_ coef_ feature_log_prob_ theta_ cluster_centers_ means_ _fit_X X_fit_ X_train_
  components_ statistics_ mean_ center_ scale_ min_ max_abs_ scores_ variances_ support_ powers_ centroids_
  n_bins_ idf_ _idf_diag quantiles_ lambdas_ xbar_ subcluster_centers_`
  .trim()
  .split(/\s+/);

function learnedWidth(estimator: Instance): number | undefined {
  const tree = instanceOf(estimator.attribute("tree_"));
  const inTree = numberOf(at(tree?.arguments, 0));
  if (inTree !== undefined) return inTree;
  const categories = lengthOf(firstOf(estimator, "categories_"));
  if (categories !== undefined) return categories;
  const support = numberOf(at(estimator.attribute("shape_fit_"), 1));
  if (support !== undefined) return support;
  const layers = shapeOf(valuesOf(estimator.attribute("coefs_"), 1)[0])?.[0];
  return layers ?? lastDimensionOf(estimator);
}

function lastDimensionOf(estimator: Instance): number | undefined {
  for (const attribute of lastDimension) {
    const value = estimator.attribute(attribute);
    const shape = attribute === "support_" && !isMask(value) ? undefined : shapeOf(value);
    const width = shape?.at(-1);
    if (width !== undefined) return width;
  }
  return undefined;
}

/** An SVC's support_ holds places of rows, a selector's a yes or no per column. */
const isMask = (value: Value | undefined): boolean => value?.kind === "array" && value.dtype === "|b1";

function widthOfParts(estimator: Instance, name: string): number | undefined {
  if (name === "ColumnTransformer") return columnTransformerWidth(estimator);
  const parts = partsOf(estimator).filter(({ value }) => !isDropped(value) && !isPassedThrough(value));
  const first = instanceOf(parts[0]?.value) ?? instanceOf(firstMember(estimator));
  return first === undefined ? undefined : widthOf(first);
}

/** Of a forest or a gradient boosting: its first tree. */
function firstMember(estimator: Instance): Value | undefined {
  const members = estimator.attribute("estimators_");
  if (members?.kind !== "array") return valuesOf(members, 1)[0];
  return undefined;
}

/** Old ones say nothing of their width where all columns are taken by name. */
function columnTransformerWidth(estimator: Instance): number | undefined {
  const columns = lengthOf(firstOf(estimator, "_df_columns", "_feature_names_in"));
  if (columns !== undefined) return columns;
  const places = partsOf(estimator).flatMap(({ columns: taken }) => numbersOf(taken) ?? []);
  return places.length > 0 && places.every((place) => place >= 0) ? Math.max(...places) + 1 : undefined;
}

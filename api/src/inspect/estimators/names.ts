import type { Instance } from "../../pickle/value";
import { readCatboost } from "../boosters/catboost";
import { readLightgbm } from "../boosters/lightgbm";
import { readXgboost } from "../boosters/xgboost";
import { libraryOf, nameOf } from "./class-name";
import { isVectorizer } from "./kinds";
import { isPassedThrough, isSearch, partsOf } from "./parts";
import { firstOf, instanceOf, textsOf } from "./read-value";

/** An estimator's own names of its columns. */
export function namesOf(estimator: Instance): readonly string[] | undefined {
  const name = nameOf(estimator.class);
  if (isVectorizer(name)) return undefined;
  const own = firstOf(estimator, "feature_names_in_", "_df_columns", "_feature_names_in", "feature_names_");
  return textsOf(own) ?? boosterNames(estimator) ?? namesOfFirst(estimator, name);
}

function boosterNames(estimator: Instance): readonly string[] | undefined {
  const library = libraryOf(estimator.class);
  if (library === "xgboost") return readXgboost(estimator)?.names;
  if (library === "lightgbm") return readLightgbm(estimator)?.names;
  return library === "catboost" ? readCatboost(estimator)?.names : undefined;
}

/** A Pipeline's first step, a search's best estimator, what is voted, calibrated or bagged. */
function namesOfFirst(estimator: Instance, name: string): readonly string[] | undefined {
  if (name === "ColumnTransformer") return undefined;
  const parts = partsOf(estimator).filter(({ value }) => !isPassedThrough(value));
  const first = instanceOf(parts[0]?.value);
  // Of an ensemble's members each may see columns of its own choice.
  const isWhole = name === "Pipeline" || isSearch(name) || parts.length > 0;
  return first !== undefined && isWhole ? namesOf(first) : undefined;
}

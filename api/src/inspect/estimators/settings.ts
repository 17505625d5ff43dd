import type { Cell, Instance } from "../../pickle/value";
import { libraryOf } from "./class-name";
import { cellOf, cellsOf, instanceOf } from "./read-value";
import { readLightgbm } from "../boosters/lightgbm";
import { readXgboost } from "../boosters/xgboost";

/** The few that a person asks about, where they stand in an estimator. */
const asked = `
  loss objective max_iter n_estimators max_depth learning_rate n_neighbors kernel C alpha probability voting
  n_clusters n_components strategy fill_value handle_unknown drop encode k degree norm lowercase stop_words
  analyzer max_features threshold remainder novelty`
  .trim()
  .split(/\s+/);

export function settingsOf(estimator: Instance): Record<string, Cell> {
  const settings: Record<string, Cell> = {};
  for (const name of asked) {
    const value = estimator.attribute(name);
    const cell = cellOf(value);
    if (cell !== null && !(typeof cell === "number" && Number.isNaN(cell))) settings[name] = cell;
  }
  const range = cellsOf(estimator.attribute("ngram_range"));
  if (range !== undefined) settings["ngram_range"] = range.join("-");
  const func = functionOf(estimator);
  if (func !== undefined) settings["func"] = func;
  const objective = objectiveOf(estimator);
  if (objective !== undefined) settings["objective"] ??= objective;
  const format = libraryOf(estimator.class) === "lightgbm" ? readLightgbm(estimator)?.format : undefined;
  if (format !== undefined) settings["format"] = format; // all that LightGBM says of its version
  return settings;
}

/** A FunctionTransformer's. */
function functionOf(estimator: Instance): string | undefined {
  const func = estimator.attribute("func");
  if (func?.kind === "global") return `${func.module}.${func.name}`;
  return instanceOf(func)?.class;
}

function objectiveOf(estimator: Instance): string | undefined {
  const library = libraryOf(estimator.class);
  if (library === "xgboost") return readXgboost(estimator)?.objective;
  return library === "lightgbm" ? readLightgbm(estimator)?.objective : undefined;
}

import type { Instance } from "../../pickle/value";
import { cellsOf, numberOf, numbersOf, textOf } from "../estimators/read-value";
import { type Flow, look, lookForNumbers } from "./column";

/** Selectors: some of the columns, as they are. The others must be sent all the same, for they are counted. */
const choosing =
  (isChosen: ((place: number) => boolean) | undefined, takesMissing: false | undefined): Flow =>
  (columns) => {
    for (const column of columns) {
      if (takesMissing === false) lookForNumbers(column);
      else look(column, undefined);
    }
    return isChosen === undefined ? undefined : columns.filter((_, place) => isChosen(place));
  };

/** The k best scores; of equal ones the later, as a stable sort leaves them. */
function best(estimator: Instance): Flow {
  const scores = numbersOf(estimator.attribute("scores_"))?.map((score) => (Number.isNaN(score) ? -Infinity : score));
  const k = estimator.attribute("k");
  if (textOf(k) === "all") return choosing(() => true, false);
  const count = numberOf(k);
  if (scores === undefined || count === undefined) return choosing(undefined, false);
  const order = scores.map((_, place) => place).sort((one, other) => (scores[one] ?? 0) - (scores[other] ?? 0));
  const chosen = new Set(count === 0 ? [] : order.slice(-count));
  return choosing((place) => chosen.has(place), false);
}

function byMask(estimator: Instance): Flow {
  const mask = cellsOf(estimator.attribute("support_"));
  return choosing(mask && ((place) => mask[place] === true), false);
}

function byVariance(estimator: Instance): Flow {
  const variances = numbersOf(estimator.attribute("variances_"));
  const threshold = numberOf(estimator.attribute("threshold")) ?? 0;
  return choosing(variances && ((place) => (variances[place] ?? 0) > threshold), undefined);
}

export const selectors: Readonly<Record<string, (estimator: Instance) => Flow>> = {
  SelectKBest: best,
  RFE: byMask,
  RFECV: byMask,
  SequentialFeatureSelector: byMask,
  VarianceThreshold: byVariance,
  SelectFromModel: () => choosing(undefined, undefined),
  SelectPercentile: () => choosing(undefined, false),
  GenericUnivariateSelect: () => choosing(undefined, false),
};

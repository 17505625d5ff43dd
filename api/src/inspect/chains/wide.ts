import { type Candidate, placeText } from "./candidates";
import type { ChainStep } from "./chain-inputs";
import { fit, keepsColumns, rankOf } from "./fit";

export interface Wide {
  readonly steps: readonly ChainStep[];
  readonly reasons: readonly string[];
}

/**
 * Imputers and scalers that were fitted with more columns than the predictor takes, some of which it does take: what
 * they make is chosen from. In the order in which such stand.
 */
export function wideSteps(
  wanted: readonly string[],
  predictor: Candidate,
  transformers: readonly Candidate[],
): Wide | undefined {
  const known = new Set(wanted);
  const wide = transformers.filter(({ estimator }) => {
    const shared = estimator.names?.filter((name) => known.has(name)).length ?? 0;
    return keepsColumns(estimator) && shared > 0 && shared < (estimator.names?.length ?? 0);
  });
  const last = [...wide].sort((one, other) => rankOf(other.estimator) - rankOf(one.estimator))[0];
  if (last === undefined) return undefined;
  const before = wide
    .filter((one) => one !== last && fit(one, last) !== undefined)
    .sort((one, other) => rankOf(one.estimator) - rankOf(other.estimator));
  const steps = [...distinct(before), last];
  const reasons = steps.map(
    (one) =>
      `${placeText(one)} makes ${one.estimator.makes ?? 0} columns, among them some that ${placeText(predictor)} takes`,
  );
  return { steps: steps.map((candidate) => ({ candidate })), reasons };
}

/** One of a rank: two imputers are not used one after the other. */
const distinct = (all: readonly Candidate[]): Candidate[] =>
  all.filter((one, place) => all.findIndex((other) => rankOf(other.estimator) === rankOf(one.estimator)) === place);

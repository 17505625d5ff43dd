import { type Candidate, placeText } from "./candidates";
import { type ChainStep, madeNames } from "./chain-inputs";
import { affinity, keepsColumns, rankOf } from "./fit";

export interface Partial {
  readonly steps: readonly ChainStep[];
  readonly reasons: readonly string[];
}

/** Transformers of some of the columns alone, by name: those of which all that they take or make is among these. */
export function partialSteps(names: readonly string[], next: Candidate, transformers: readonly Candidate[]): Partial {
  const known = new Set(names);
  const taken = new Set<string>();
  const found: Candidate[] = [];
  const byFit = [...transformers].sort((one, other) => affinity(other, next) - affinity(one, next));
  for (const one of byFit) {
    const out = columnsMade(one);
    const isStrict =
      out.length > 0 && out.length < names.length && out.every((name) => known.has(name) && !taken.has(name));
    if (!isStrict || !isEncoderOrScaler(one)) continue;
    for (const name of out) taken.add(name);
    found.push(one);
  }
  found.sort((one, other) => rankOf(one.estimator) - rankOf(other.estimator));
  return {
    steps: found.map((candidate) => ({ candidate, columns: candidate.estimator.names ?? [] })),
    reasons: found.map((one) => reasonOf(one, placeText(next))),
  };
}

function reasonOf(one: Candidate, next: string): string {
  const names = listed(one.estimator.names ?? []);
  return keepsColumns(one.estimator)
    ? `${placeText(one)} was fitted with ${names}, columns of ${next}`
    : `${placeText(one)} makes columns of ${names} that ${next} takes`;
}

const isEncoderOrScaler = ({ estimator }: Candidate): boolean =>
  estimator.names !== undefined && rankOf(estimator) <= 2;

/** A scaler's own names; of an encoder the names of the columns that it makes. */
function columnsMade(one: Candidate): readonly string[] {
  const { estimator } = one;
  if (estimator.names === undefined) return [];
  if (keepsColumns(estimator) || estimator.makes === estimator.width) return estimator.names;
  return madeNames(one);
}

export const listed = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;

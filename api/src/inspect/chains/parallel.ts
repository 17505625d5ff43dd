import type { ChainStep } from "./chain-inputs";
import { type Candidate, folderOf, placeText } from "./candidates";
import { rankOf } from "./fit";
import { listed } from "./partial";

export interface Parallel {
  readonly steps: readonly ChainStep[];
  readonly reasons: readonly string[];
  readonly doubts: readonly string[];
}

/**
 * Transformers of columns of their own each, whose columns side by side are as many as the predictor takes: numbers
 * scaled, categories encoded, and stacked by hand. Which stood first no file says.
 */
export function parallelSteps(predictor: Candidate, transformers: readonly Candidate[]): Parallel | undefined {
  const near = transformers.filter(
    (one) => folderOf(one.file) === folderOf(predictor.file) && one.estimator.names !== undefined,
  );
  const [scalers, encoders] = [
    near.filter((one) => rankOf(one.estimator) === 2),
    near.filter((one) => rankOf(one.estimator) === 1),
  ];
  const pairs = scalers.flatMap((scaler) => encoders.map((encoder) => [scaler, encoder] as const));
  const pair = pairs.find(
    ([scaler, encoder]) => isDisjoint(scaler, encoder) && made(scaler) + made(encoder) === predictor.estimator.width,
  );
  if (pair === undefined) return undefined;
  return {
    steps: pair.map((candidate) => ({ candidate, columns: candidate.estimator.names ?? [] })),
    reasons: [
      `${pair.map((one) => `${placeText(one)} makes ${made(one)} columns of ${listed(one.estimator.names ?? [])}`).join(", ")}: ` +
        `together the ${predictor.estimator.width ?? 0} that ${placeText(predictor)} takes`,
    ],
    doubts: [`Whether the columns of ${placeText(pair[0])} stood before those of ${placeText(pair[1])}, no file says.`],
  };
}

const made = ({ estimator }: Candidate): number => estimator.makes ?? Number.NaN;

const isDisjoint = (one: Candidate, other: Candidate): boolean =>
  !(one.estimator.names?.some((name) => other.estimator.names?.includes(name)) ?? true);

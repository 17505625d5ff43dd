import { kindOf } from "../estimators/kinds";
import type { Chain, FileInspection } from "../inspection";
import type { Candidate } from "./candidates";
import { wordsOf } from "./words";

export interface RankedChain {
  readonly chain: Chain;
  readonly predictor: Candidate;
}

type Rank = (one: RankedChain) => number;

/** What a person would try first comes first; each rule counts only where those before it are even. */
export function inOrder(chains: readonly RankedChain[], files: readonly FileInspection[]): Chain[] {
  const byFile = new Map(files.map((file) => [file.file, file]));
  const used = (one: RankedChain): FileInspection[] =>
    [one.chain.predictor, ...one.chain.transformers, ...one.chain.encoders].flatMap(
      ({ file }) => byFile.get(file) ?? [],
    );
  const ranks: readonly Rank[] = [
    (one) => count(used(one), ({ foreign }) => foreign.length > 0),
    (one) => count(used(one), ({ dangers }) => dangers.length > 0),
    (one) => (isServable(one) ? 0 : 1),
    (one) => (isComplete(one) ? 0 : 1),
    (one) => -fame(one),
    (one) => -Number(kindOf(one.predictor.estimator.class)?.does !== "cluster"),
    (one) => one.chain.predictor.file.split("/").length,
  ];
  return [...chains]
    .sort((one, other) => compare(one, other, ranks) || newerFirst(one, other) || shorterFirst(one, other))
    .map(({ chain }) => chain);
}

const count = (files: readonly FileInspection[], is: (file: FileInspection) => boolean): number =>
  files.filter(is).length;

function compare(one: RankedChain, other: RankedChain, ranks: readonly Rank[]): number {
  for (const rank of ranks) {
    const difference = rank(one) - rank(other);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A predictor whose columns are as many as a vocabulary, without the vectorizer, takes what nobody can send. */
const isServable = ({ chain, predictor }: RankedChain): boolean =>
  chain.inputs.length > 0 && !(chain.transformers.length === 0 && (predictor.estimator.width ?? 0) > 1_000);

const isComplete = ({ chain, predictor }: RankedChain): boolean =>
  chain.transformers.length > 0 || chain.select !== undefined || predictor.estimator.parts.length > 1;

function fame({ chain }: RankedChain): number {
  const words = new Set(wordsOf(chain.predictor));
  const has = (...all: readonly string[]): boolean => all.some((word) => words.has(word));
  if (has("old", "backup", "bak", "copy", "test", "tmp", "temp", "unmodified")) return -1;
  if (has("best", "final")) return 3;
  if (has("pipeline", "pipe")) return 2;
  return has("model", "classifier", "regressor", "clf") ? 1 : 0;
}

function newerFirst(one: RankedChain, other: RankedChain): number {
  if (one.predictor.estimator.library !== other.predictor.estimator.library) return 0;
  const [version, otherVersion] = [one.predictor.estimator.version ?? "", other.predictor.estimator.version ?? ""];
  return otherVersion.localeCompare(version, "en", { numeric: true });
}

const shorterFirst = (one: RankedChain, other: RankedChain): number =>
  one.chain.predictor.file.length - other.chain.predictor.file.length ||
  (one.chain.predictor.file < other.chain.predictor.file ? -1 : 1);

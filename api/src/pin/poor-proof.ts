import type { Draft } from "../bundle/description";

/** Probabilities and scores of a model that was worth training; a tree of a single split gives two. */
const FEWEST_SCORES = 3;
const FEWEST = 2;

/**
 * Which answers a proof of so many rows hardly tells apart, a sentence each. What `predict` gives may be the labels of two
 * classes, as numbers too: of them only a single one is worth a word.
 */
export function poorProof(
  { steps, outputs }: Pick<Draft, "steps" | "outputs">,
  rows: number,
  distinct: Readonly<Record<string, number>>,
): string[] {
  const scoring = steps.filter(({ kind }) => kind === "predict_proba" || kind === "decision_function");
  const scores = new Set(scoring.map(({ output }) => output));
  return outputs.flatMap(({ name, from }) => {
    const count = distinct[name] ?? rows;
    if (count >= Math.min(rows, scores.has(from) ? FEWEST_SCORES : FEWEST)) return [];
    const how = count === 1 ? "the same for all rows" : `one of ${count} values in the ${rows} rows`;
    return [`${name} is ${how} of the proof, which proves little.`];
  });
}

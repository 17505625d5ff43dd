import { expandBraces } from "../../bundle/expand-braces";
import { isValuesDoubt } from "../../inspect/chains/dummies";
import { isRivalry } from "../../inspect/chains/paths";
import type { Finding } from "../../inspect/inspection";
import type { Looked } from "../look";

/** Of what inspection was not sure of, that which neither a flag nor the sample has said. */
export function doubtsThatHold({ chain, answers, sample }: Pick<Looked, "chain" | "answers" | "sample">): string[] {
  const told = answers.inputs.flatMap(({ pattern }) => expandBraces(pattern));
  const seen = sample?.isPositional === false ? sample.columns : [];
  const columns = [...told, ...seen];
  return chain.doubts.filter(
    (doubt) =>
      !(isRivalry(doubt) && answers.transformers.length > 0) && !columns.some((column) => isValuesDoubt(doubt, column)),
  );
}

/** Which of several predicts, a person may have said. */
export const holdsStill = ({ code }: Finding, { answers }: Pick<Looked, "answers">): boolean =>
  code !== "several-predictors" || answers.predictor === undefined;

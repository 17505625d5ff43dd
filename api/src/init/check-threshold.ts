import type { DraftPlan } from "./plan/plan";
import { failed } from "./result";

/**
 * A probability lies between 0 and 1; the score of a decision function may be anything.
 * @throws InitFailed where --threshold could never, or would always, be reached
 */
export function checkThreshold(threshold: number | undefined, { steps, outputs }: DraftPlan): void {
  if (threshold === undefined || (threshold >= 0 && threshold <= 1)) return;
  const from = steps.map(({ step }) => step["threshold"]).find((name) => name !== undefined);
  const isProbability = from === "probabilities" || outputs["probability"] === from;
  if (!isProbability) return;
  throw failed(
    "usage",
    `--threshold ${threshold}: it is compared with a probability, which lies between 0 and 1.`,
    "Give a number between them, such as --threshold 0.5.",
  );
}

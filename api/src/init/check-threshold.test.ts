import { checkThreshold } from "./check-threshold";
import type { DraftPlan } from "./plan/plan";

const plan = (threshold: string, outputs: Record<string, string> = {}): DraftPlan => ({
  name: "mine",
  description: "",
  artifacts: [],
  code: [],
  inputs: [],
  steps: [{ step: { threshold, output: "prediction" } }],
  outputs,
  fields: {},
  block: undefined,
  notes: [],
});

it.each([3, -0.1, 1.0001])("a probability never is, or always is, at least %d", (threshold) => {
  const message = `--threshold ${threshold}: it is compared with a probability, which lies between 0 and 1. Give a number between them, such as --threshold 0.5.`;
  expect(() => {
    checkThreshold(threshold, plan("probabilities"));
  }).toThrow(message);
});

it("takes what may be reached, and any number for a score", () => {
  expect(() => {
    for (const threshold of [undefined, 0, 0.5, 1]) checkThreshold(threshold, plan("probabilities"));
    checkThreshold(3, plan("score"));
  }).not.toThrow();
});

import type { Method } from "../inspect/inspection";
import type { ArtifactFacts, Outcome, PlaceFacts } from "./describe";
import type { DraftPlan, PlannedArtifact } from "./plan/plan";
import { OUTPUTS } from "./plan/plan-steps";

/** What ran, of the forms that were tried in order. */
export interface FormFound {
  readonly form: string;
  /** Those of the predictor that gave something. */
  readonly methods: readonly Method[];
  /** Which of its methods gave nothing that can be answered with, and why. */
  readonly notes: readonly string[];
}

const ANSWERS = ["predict", "predict_proba", "decision_function"] as const;

/** The first form in which every transformer runs and the predictor answers. */
export function formThatRuns(facts: ArtifactFacts, plans: ReadonlyMap<string, DraftPlan>): FormFound | undefined {
  for (const [form, plan] of plans) {
    const tried = facts.tried[form] ?? {};
    const made = (output: string): boolean => ran(tried[output]);
    const methods = ANSWERS.filter((method) => made(OUTPUTS[method]));
    const answers = new Set<string>(ANSWERS.map((method) => OUTPUTS[method]));
    const others = plan.steps.map(({ step }) => step.output).filter((output) => !answers.has(output));
    if (methods.includes("predict") && others.every(made)) return { form, methods, notes: notGiven(tried, methods) };
  }
  return undefined;
}

/** A score is missed only where there is no probability. */
function notGiven(tried: Readonly<Record<string, Outcome>>, methods: readonly Method[]): string[] {
  const missed = ANSWERS.filter((method) => method === "predict_proba" || !methods.includes("predict_proba"));
  return missed.flatMap((method) => {
    const outcome = tried[OUTPUTS[method]];
    if (outcome === undefined || !("error" in outcome)) return [];
    return [hasSeveral(tried) ? severalOutputs(method) : `${method} is not answered: ${outcome.error}`];
  });
}

const hasSeveral = (tried: Readonly<Record<string, Outcome>>): boolean => {
  const predicted = tried[OUTPUTS.predict];
  return predicted !== undefined && "shape" in predicted && predicted.shape.length > 1;
};

const severalOutputs = (method: Method): string =>
  `The model answers several targets at once: its ${method} gives a table for each of them, and is not answered.`;

const ran = (outcome: Outcome | undefined): boolean => outcome !== undefined && "shape" in outcome;

/** Why not even the likeliest form runs: the first step that failed. */
export function whyNone(facts: ArtifactFacts, plans: ReadonlyMap<string, DraftPlan>): string {
  const [form = ""] = plans.keys();
  const tried = Object.entries(facts.tried[form] ?? {});
  for (const [output, outcome] of tried) if ("error" in outcome) return `${output}: ${outcome.error}`;
  return tried.length === 0 ? "nothing was tried" : "it has no predict";
}

export function factsOf(facts: ArtifactFacts, artifact: PlannedArtifact | undefined): PlaceFacts | undefined {
  const isSame = ({ file, key }: PlaceFacts): boolean =>
    file === artifact?.file && JSON.stringify(key) === JSON.stringify(artifact.place.key);
  return facts.places.find(isSame);
}

import { z } from "zod";

import { answerSteps } from "./answer-steps";
import { callingSteps } from "./calling-steps";
import { columnSteps } from "./column-steps";

/**
 * The table of steps: the key that names the step, and all that may stand beside it. The first of these keys that a step
 * has names it: `labels` stands before `map`, which is a key of its own as well.
 */
export const stepSchemas = { ...callingSteps, ...answerSteps, ...columnSteps };

export type StepKind = keyof typeof stepSchemas;
export type StepOf<K extends StepKind> = z.infer<(typeof stepSchemas)[K]>;
export type Step = { [K in StepKind]: StepOf<K> }[StepKind];

export const stepKind = (step: object): StepKind | undefined =>
  (Object.keys(stepSchemas) as StepKind[]).find((kind) => kind in step);

export const isStep = <K extends StepKind>(step: Step, kind: K): step is StepOf<K> & Step => stepKind(step) === kind;

/** What other tools call a step of their own, and where it is found here. */
const elsewhere: Readonly<Record<string, string>> = {
  scale: "a scaler is a transform, of some columns with `columns`",
};

/** A step is told by the one key that names it, so that a fault in it is reported as a fault of that step alone. */
export const stepSchema = z.record(z.string(), z.unknown()).transform((step, context): Step => {
  const kind = stepKind(step);
  if (kind === undefined) {
    const word = Object.keys(elsewhere).find((key) => key in step);
    const message = word === undefined ? undefined : `there is no step ${word}: ${elsewhere[word] ?? ""}`;
    const known = `a step is named by one of ${Object.keys(stepSchemas).join(", ")}`;
    context.addIssue({ code: "custom", message: message ?? known });
    return z.NEVER;
  }
  const parsed = stepSchemas[kind].safeParse(step);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue });
  return z.NEVER;
});

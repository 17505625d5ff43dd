import { z } from "zod";

import { name } from "./step-source";

/** The steps that make an answer of what a model gave. */
export const answerSteps = {
  threshold: z
    .strictObject({
      threshold: name,
      /** Which column, of a matrix such as predict_proba gives. */
      column: z.int().min(0).optional(),
      at_least: z.union([z.number(), name]).optional(),
      above: z.union([z.number(), name]).optional(),
      output: name,
    })
    .refine((step) => (step.at_least === undefined) !== (step.above === undefined), "needs either at_least or above"),
  labels: z.strictObject({
    labels: name,
    /** From a value as the artifact gives it (1, true, "yes") to the text that stands for it. */
    map: z.record(z.string(), z.string()),
    output: name,
  }),
};

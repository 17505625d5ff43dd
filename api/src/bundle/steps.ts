import { z } from "zod";

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a letter, then letters, digits and _");

/** Where a step's columns come from: names of the table, all of one tensor, or an earlier step's output as a whole. */
const source = {
  columns: z.union([z.enum(["numbers", "categories", "texts"]), z.array(z.string()).min(1)]).optional(),
  from: name.optional(),
};
const call = { ...source, as: z.enum(["matrix", "dataframe", "text"]).default("matrix"), output: name };

/** The table of steps: the key that names the step, and all that may stand beside it. */
export const stepSchemas = {
  transform: z.strictObject({ transform: name, ...call }),
  one_hot: z.strictObject({ one_hot: z.array(z.string()).min(1), output: name }),
  select: z.strictObject({ select: z.union([name, z.array(z.string()).min(1)]), output: name }),
  predict: z.strictObject({ predict: name, ...call }),
  predict_proba: z.strictObject({ predict_proba: name, ...call }),
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

export type StepKind = keyof typeof stepSchemas;
export type Step = { [K in StepKind]: z.infer<(typeof stepSchemas)[K]> }[StepKind];
export type StepOf<K extends StepKind> = z.infer<(typeof stepSchemas)[K]>;

/** Steps that a later format will bring; a manifest that names one is told so. */
export const reservedSteps = ["decision_function", "code", "map", "scale", "log", "exp", "arithmetic", "clean_text"];

export const isStep = <K extends StepKind>(step: Step, kind: K): step is StepOf<K> & Step => kind in step;

export const stepKind = (step: object): StepKind | undefined =>
  (Object.keys(stepSchemas) as StepKind[]).find((kind) => kind in step);

/** A step is told by the one key that names it, so that a fault in it is reported as a fault of that step alone. */
export const stepSchema = z.record(z.string(), z.unknown()).transform((step, context): Step => {
  const kind = stepKind(step);
  if (kind === undefined) {
    const reserved = reservedSteps.find((word) => word in step);
    context.addIssue({
      code: "custom",
      message: reserved
        ? `the step ${reserved} is reserved for a later version of the format`
        : `a step is named by one of ${Object.keys(stepSchemas).join(", ")}`,
    });
    return z.NEVER;
  }
  const parsed = stepSchemas[kind].safeParse(step);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue });
  return z.NEVER;
});

import { z } from "zod";

import { call, columnNames, name } from "./step-source";

/** The steps that call code which is not ours: an artifact's method, or a function of the bundle's own. */
export const callingSteps = {
  transform: z.strictObject({ transform: name, ...call }),
  predict: z.strictObject({ predict: name, ...call }),
  predict_proba: z.strictObject({ predict_proba: name, ...call }),
  decision_function: z.strictObject({ decision_function: name, ...call }),
  encode: z
    .strictObject({
      /** An artifact that is an encoder, or a dict of one per column; or each column's artifact. */
      encode: z.union([name, z.record(z.string(), name)]),
      columns: columnNames.optional(),
      output: name,
    })
    .refine(
      (step) => (typeof step.encode === "string") === (step.columns !== undefined),
      "needs columns beside an artifact, and none beside {column: artifact}",
    ),
  code: z.strictObject({
    code: z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/, "module.function"),
    ...call,
    /** What its columns are called, where it gives no DataFrame. */
    names: columnNames.optional(),
  }),
};

import { z } from "zod";

import { ExpressionFault, parseExpression } from "./arithmetic";
import { characters, punctuations, splits, stemmings } from "./text-cleaning";
import { columnNames, name } from "./step-source";

const anyBase = { error: "one of e, 2, 10 and 1p" };
const base = z
  .union([z.literal([2, 10], anyBase), z.enum(["e", "2", "10", "1p"], anyBase)])
  .default("e")
  .transform((value) => String(value) as "e" | "2" | "10" | "1p");
const columnsOrStep = z.union([name, columnNames]);
const numberOrNan = z.union([z.number(), z.literal("nan")]);

const expression = z.string().transform((text, context) => {
  try {
    return parseExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

const isNotEmpty = (value: object): boolean => Object.keys(value).length > 0;

/** The steps that Picklepod computes itself, a row at a time. */
export const columnSteps = {
  one_hot: z.strictObject({
    /** Inputs, or each input's values in the order of the training. */
    one_hot: z.union([
      columnNames,
      z.record(z.string(), z.array(z.union([z.string(), z.int()])).min(1)).refine(isNotEmpty, "at least one column"),
    ]),
    /** As `pandas.get_dummies(drop_first=True)`: the first value of each has no column. */
    drop_first: z.boolean().optional(),
    output: name,
  }),
  select: z.strictObject({ select: z.union([name, columnNames]), output: name }),
  map: z.strictObject({
    map: z.record(z.string(), z.record(z.string(), z.number())).refine(isNotEmpty, "at least one column"),
    /** What a value that is not listed becomes; without it, it is an error. */
    other: numberOrNan.optional(),
    output: name,
  }),
  log: z.strictObject({ log: columnsOrStep, base, output: name }),
  exp: z.strictObject({ exp: columnsOrStep, base, output: name }),
  arithmetic: z.strictObject({
    arithmetic: z.record(z.string(), expression).refine(isNotEmpty, "at least one column"),
    output: name,
  }),
  clean_text: z.strictObject({
    /** A column, which becomes one value a row; or a list of columns, which keep their names. */
    clean_text: z.union([z.string(), columnNames]),
    preset: z.enum(["tutorial", "spam", "none"]).default("tutorial"),
    lower: z.boolean().optional(),
    keep: z.enum(characters).optional(),
    punctuation: z.enum(punctuations).optional(),
    digits: z.enum(["keep", "remove"]).optional(),
    split: z.enum(splits).optional(),
    alphanumeric: z.boolean().optional(),
    stop_words: z.union([z.enum(["english", "none"]), z.array(z.string())]).optional(),
    stemming: z.enum(stemmings).optional(),
    output: name,
  }),
};

import { z } from "zod";

import type { Expression } from "./arithmetic";
import { forms } from "./step-source";
import { characters, punctuations, splits, stemmings } from "./text-cleaning";

/** A step in bundle.json: every name resolved, every default written out, every number that may be a float a text. */
const artifactRef = z.strictObject({ file: z.string(), key: z.array(z.union([z.string(), z.int()])) });
export type ArtifactRef = z.infer<typeof artifactRef>;

const names = z.array(z.string());
const source = { columns: z.union([names, artifactRef]).optional(), from: z.string().optional() };
const given = { ...source, as: z.enum(forms), output: z.string() };
const call = { artifact: artifactRef, ...given };
const labelled = z.union([z.string(), z.int(), z.boolean()]);
const elementwise = { base: z.enum(["e", "2", "10", "1p"]), ...source, output: z.string() };
const expression: z.ZodType<Expression> = z.lazy(() =>
  z.union([z.string(), z.tuple([z.string(), expression]), z.tuple([z.string(), expression, expression])]),
);

export const resolvedStepSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("transform"), ...call }),
  z.strictObject({ kind: z.literal("predict"), ...call }),
  z.strictObject({ kind: z.literal("predict_proba"), ...call }),
  z.strictObject({ kind: z.literal("decision_function"), ...call }),
  z.strictObject({
    kind: z.literal("encode"),
    /** An artifact may be a dict with an encoder for the column. */
    encoders: z.array(z.strictObject({ column: z.string(), artifact: artifactRef })),
    output: z.string(),
  }),
  z.strictObject({
    kind: z.literal("code"),
    module: z.string(),
    function: z.string(),
    ...given,
    names: names.optional(),
  }),
  z.strictObject({
    kind: z.literal("one_hot"),
    columns: names,
    /** For each column the values that have a column of their own; without it, all its categories do. */
    values: z.array(z.array(z.union([z.string(), z.int()]))).optional(),
    output: z.string(),
  }),
  z.strictObject({ kind: z.literal("select"), columns: source.columns, output: z.string() }),
  z.strictObject({
    kind: z.literal("map"),
    /** The values as texts, so that 1 and "1" are one; each with its number. */
    columns: z.array(z.strictObject({ name: z.string(), map: z.array(z.tuple([z.string(), z.string()])) })),
    other: z.string().optional(),
    output: z.string(),
  }),
  z.strictObject({ kind: z.literal("log"), ...elementwise }),
  z.strictObject({ kind: z.literal("exp"), ...elementwise }),
  z.strictObject({
    kind: z.literal("arithmetic"),
    columns: z.array(z.strictObject({ name: z.string(), expression })),
    output: z.string(),
  }),
  z.strictObject({
    kind: z.literal("clean_text"),
    /** One column, for one value a row; or columns that keep their names. */
    column: z.string().optional(),
    columns: names.optional(),
    lower: z.boolean(),
    keep: z.enum(characters),
    punctuation: z.enum(punctuations),
    digits: z.enum(["keep", "remove"]),
    split: z.enum(splits),
    abbreviations: names.optional(),
    alphanumeric: z.boolean(),
    stop_words: names,
    stemming: z.enum(stemmings),
    output: z.string(),
  }),
  z.strictObject({
    kind: z.literal("threshold"),
    from: z.string(),
    column: z.int().optional(),
    compare: z.enum(["at_least", "above"]),
    /** A decimal text: floats have no place in canonical JSON, as two languages write them differently. */
    value: z.union([z.string(), artifactRef]),
    output: z.string(),
  }),
  z.strictObject({
    kind: z.literal("labels"),
    from: z.string(),
    map: z.array(z.tuple([labelled, z.string()])),
    output: z.string(),
  }),
]);
export type ResolvedStep = z.infer<typeof resolvedStepSchema>;

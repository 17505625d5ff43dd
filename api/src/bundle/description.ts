import { createHash } from "node:crypto";

import { z } from "zod";

/** bundle.json: what the sidecar reads. Made by `pin` from model.yaml; see docs/pin.md. */
const artifactRef = z.strictObject({ file: z.string(), key: z.array(z.union([z.string(), z.int()])) });
const source = { columns: z.union([z.array(z.string()), artifactRef]).optional(), from: z.string().optional() };
const call = { artifact: artifactRef, ...source, as: z.enum(["matrix", "dataframe", "text"]), output: z.string() };
const labelled = z.union([z.string(), z.int(), z.boolean()]);

const resolvedStepSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("transform"), ...call }),
  z.strictObject({ kind: z.literal("one_hot"), columns: z.array(z.string()), output: z.string() }),
  z.strictObject({ kind: z.literal("select"), columns: source.columns, output: z.string() }),
  z.strictObject({ kind: z.literal("predict"), ...call }),
  z.strictObject({ kind: z.literal("predict_proba"), ...call }),
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

const pinSchema = z.strictObject({ sha256: z.string(), size: z.int(), root: z.string(), globals: z.array(z.string()) });
const tensorSchema = z.strictObject({
  datatype: z.enum(["FP64", "FP32", "INT64", "INT32", "BOOL", "BYTES"]),
  /** The names of a matrix's columns; null for one value a row. */
  columns: z.array(z.string()).nullable(),
});
export type TensorDescription = z.infer<typeof tensorSchema>;

/** What is known once the artifacts are there. */
export const trainedSchema = z.strictObject({
  artifacts: z.record(z.string(), pinSchema),
  tensors: z.record(z.string(), tensorSchema),
});

/** What follows from model.yaml and the lock alone. */
const draftSchema = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  version: z.string(),
  python: z.string(),
  files: z.record(z.string(), z.string()),
  lock: z.strictObject({ file: z.string(), sha256: z.string(), packages: z.record(z.string(), z.string()) }),
  inputs: z.strictObject({
    numbers: z.array(z.string()),
    codes: z.array(z.strictObject({ name: z.string(), categories: z.array(z.union([z.string(), z.int()])) })),
    texts: z.array(z.string()),
  }),
  steps: z.array(resolvedStepSchema),
  outputs: z.array(z.strictObject({ name: z.string(), from: z.string(), column: z.int().optional() })),
  limits: z.strictObject({ block: z.int() }),
});
export type Draft = z.infer<typeof draftSchema>;

const digest = { digest: z.string() };
export const pinnedSchema = draftSchema.extend({ ...trainedSchema.shape, ...digest });
export const untrainedSchema = draftSchema.extend({
  artifacts: z.literal("trained"),
  tensors: z.literal("trained"),
  ...digest,
});
export const bundleJsonSchema = z.union([pinnedSchema, untrainedSchema]);
export type Pinned = z.infer<typeof pinnedSchema>;
export type BundleJson = z.infer<typeof bundleJsonSchema>;

/** The sha256 of canonical JSON (keys sorted, no blanks) without the member `digest`. */
export function digestOf(
  description: Omit<Pinned, "digest"> | Omit<z.infer<typeof untrainedSchema>, "digest">,
): string {
  const { digest: _, ...rest } = description as Pinned;
  return sha256(canonicalJson(rest));
}

export const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}

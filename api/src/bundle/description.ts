import { createHash } from "node:crypto";

import { z } from "zod";

import { resolvedStepSchema } from "./resolved-step";

/** bundle.json: what the sidecar reads. Made by `pin` from model.yaml; see docs/pin.md. */
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

const codePinSchema = z.strictObject({ file: z.string(), sha256: z.string(), size: z.int() });
export type CodePins = Readonly<Record<string, z.infer<typeof codePinSchema>>>;

/** What follows from model.yaml, the lock and the bundle's own code alone. */
const draftSchema = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  version: z.string(),
  python: z.string(),
  files: z.record(z.string(), z.string()),
  lock: z.strictObject({ file: z.string(), sha256: z.string(), packages: z.record(z.string(), z.string()) }),
  /** By module name, as pickles and steps say it; only where there is such code. */
  code: z.record(z.string(), codePinSchema).optional(),
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
const untrainedSchema = draftSchema.extend({
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

/** Keys sorted, no blanks: the same text in both languages. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}

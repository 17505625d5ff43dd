import { z } from "zod";

import { contractSchema } from "./contract";
import { inputSchema } from "./input-types";
import { name } from "./step-source";
import { stepSchema } from "./steps";

const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, "the name of a file in the bundle's folder");
const key = z.union([z.string(), z.int()]);

/** `name: file`, or with the place inside a pickle that is a dict or a list of things. */
const artifactSchema = z.union([
  fileName.transform((file) => ({ file, key: [] as (string | number)[], sha256: undefined })),
  z.strictObject({
    file: fileName,
    key: z
      .union([key, z.array(key)])
      .default([])
      .transform((place) => (Array.isArray(place) ? place : [place])),
    /** Written by a person who wants `pin` to refuse any other file. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits")
      .optional(),
  }),
]);

const inputEntrySchema = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((entry, context) => {
  const written = typeof entry === "string" ? { type: entry } : entry;
  const parsed = inputSchema.safeParse(written);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue });
  return z.NEVER;
});

const outputSchema = z.union([
  name.transform((from) => ({ from, column: undefined, non_finite: undefined })),
  z.strictObject({
    from: name,
    column: z.int().min(0).optional(),
    /** Without it, a value that is not finite is the problem not-finite. */
    non_finite: z.null().optional(),
  }),
]);

/** Keys that a later format will bring; a manifest that has one is told so. */
export const reservedKeys = ["hooks", "schedule", "monitoring"];

/** model.yaml as written. What the schema cannot see (names that must exist) is checked in check-manifest.ts. */
export const manifestSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and -")
    .refine((text) => text !== "control", "any name but control, which is what keys for the control plane are for"),
  version: z.string({ error: 'a text: write version: "1"' }).regex(/^[A-Za-z0-9._-]+$/, "letters, digits, . _ and -"),
  description: z.string().optional(),
  environment: z.strictObject({
    python: z.string({ error: 'a text: write python: "3.9"' }).regex(/^3\.\d+$/, 'major.minor, such as "3.9"'),
    lock: fileName.default("requirements.lock"),
  }),
  artifacts: z.record(name, artifactSchema),
  /** The script that makes the artifacts at the first start, where the bundle has none. */
  artifacts_from: z.literal("train.py").optional(),
  /** The bundle's own modules, by the name that pickles and steps know them by. */
  code: z
    .record(
      z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, "a module's name"),
      fileName.regex(/\.py$/, "a Python file in the bundle's folder"),
    )
    .optional(),
  extra: z.enum(["error", "ignore"]).default("error"),
  /** Pairs, not an object: JavaScript would put names such as "2" before the others. */
  inputs: z.array(z.tuple([z.string(), inputEntrySchema])).min(1, "at least one input"),
  steps: z.array(stepSchema).min(1),
  outputs: z.record(name, outputSchema).refine((outputs) => Object.keys(outputs).length > 0, "at least one output"),
  contract: contractSchema.prefault({}),
  limits: z
    .strictObject({
      /** The most rows in one request. */
      rows: z.int().min(1).max(1_000_000).default(10_000),
      /** The largest body, in MB, within what the setting BODY_LIMIT_MB allows. */
      body_mb: z.int().min(1).max(512).optional(),
      /** The most rows that an artifact is called with at once. */
      block: z.int().min(32).max(1024).default(1024),
    })
    .prefault({}),
});
export type Manifest = z.infer<typeof manifestSchema>;

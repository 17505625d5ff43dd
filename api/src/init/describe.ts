import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { z } from "zod";

import { type Draft } from "../bundle/description";
import type { PinTools } from "../pin/pin";
import type { PlannedArtifact } from "./plan/plan";
import { exactJson } from "../pin/complete-samples";
import type { SampleColumns } from "../pin/sample-rows";

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const placeSchema = z.object({
  file: z.string(),
  key: z.array(z.union([z.string(), z.int()])),
  class: z.string(),
  methods: z.array(z.enum(["predict", "predict_proba", "decision_function", "transform"])),
  width: z.int().nullable(),
  names: z.array(z.string()).nullable(),
  classes: z.array(cell).nullable(),
  words: z.array(z.string()),
});
const outcomeSchema = z.union([
  z.object({ absent: z.literal(true) }),
  z.object({ error: z.string() }),
  z.object({ shape: z.array(z.int()), columns: z.array(z.string()).nullable(), datatype: z.string() }),
]);
const factsSchema = z.object({
  /** Why the artifacts cannot be loaded: `distrusted` by the gate, which no environment changes, or `not-here`. */
  unloadable: z.object({ code: z.enum(["distrusted", "not-here"]), why: z.string() }).optional(),
  places: z.array(placeSchema),
  /** By the form that was tried, by the step's output. */
  tried: z.record(z.string(), z.record(z.string(), outcomeSchema)),
});
export type ArtifactFacts = z.infer<typeof factsSchema>;
export type PlaceFacts = z.infer<typeof placeSchema>;
export type Outcome = z.infer<typeof outcomeSchema>;

export interface DescribeRequest {
  readonly folder: string;
  readonly artifacts: readonly PlannedArtifact[];
  /** One for each form that is tried; they have the same inputs. */
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly columns: SampleColumns;
}

/** What the artifacts really are, and in which form they run: they are loaded in a process of their own. */
export async function describe(request: DescribeRequest, tools: PinTools): Promise<ArtifactFacts> {
  const { folder, artifacts, drafts, columns } = request;
  const [draft] = drafts.values();
  if (draft === undefined) throw new RangeError("there is no form to be tried");
  const work = await mkdtemp(resolve(tmpdir(), "picklepod-describe-"));
  try {
    const places = artifacts.map(({ file, place }) => ({ file, key: place.key }));
    const asked = { places, drafts: Object.fromEntries(drafts), columns };
    await writeFile(join(work, "request.json"), exactJson(asked));
    const files = ["--request", join(work, "request.json"), "--out", join(work, "facts.json")];
    await tools.runReference({
      python: draft.python,
      lock: join(folder, draft.lock.file),
      bundle: draft.name,
      args: ["describe", "--folder", resolve(folder), ...files],
      writes: work,
    });
    return factsSchema.parse(JSON.parse(readFileSync(join(work, "facts.json"), "utf8")));
  } finally {
    await rm(work, { recursive: true });
  }
}

import { json, type JsonSchema } from "./json-schema";
import { onlyProblem } from "./problem-responses";

/** Why what lies in a bundle's folder does not answer in place of the one that does. */
export const refusedReload: JsonSchema = {
  type: "object",
  description: "Why a changed bundle did not take its place; there until that is mended.",
  properties: { at: { type: "string", format: "date-time" }, reason: { type: "string" } },
  required: ["at", "reason"],
};

const bundles = (outcomes: readonly string[]): JsonSchema => ({
  type: "object",
  properties: {
    bundles: {
      type: "array",
      description: "What became of each.",
      items: {
        type: "object",
        properties: {
          model: { type: "string" },
          outcome: { enum: outcomes, description: "`refused`: the one before it, if any, still answers." },
          digest: { type: ["string", "null"], description: "Of what answers now." },
          reason: { type: "string", description: "Why it was refused, and how to mend it." },
        },
        required: ["model", "outcome", "digest"],
      },
    },
  },
  required: ["bundles"],
});

const TAKEN = ["live", "unchanged", "removed"];

/** What is answered when each bundle has gone live or was refused. */
export const reloadResponses: Readonly<Record<string, JsonSchema>> = {
  200: json("Every bundle that has changed is live.", bundles(TAKEN)),
  ...onlyProblem("forbidden"),
  ...onlyProblem("reload-refused", bundles([...TAKEN, "refused"])),
  ...onlyProblem("unavailable"),
};

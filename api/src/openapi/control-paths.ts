import { json, type JsonSchema } from "./json-schema";
import type { Paths } from "./prediction-paths";
import { onlyProblem, problemReferences } from "./problem-responses";
import { refusedReload, reloadResponses } from "./reload-path";

const text = (description: string, type: string): JsonSchema => ({
  description,
  content: { [type]: { schema: { type: "string" } } },
});
/** No bundle's name has a capital. */
export const CONTROL = "Control plane";

const STATES = [
  ...["preparing", "starting", "training", "loading", "proving", "unreachable", "failed", "ready"],
] as const;

const state: JsonSchema = {
  type: "object",
  properties: {
    state: { enum: STATES },
    reason: { type: "string", description: "Why it is not ready." },
    proof: { enum: ["exact", "other-kernel", "failed", null] },
  },
  required: ["state"],
};

const readiness: JsonSchema = {
  type: "object",
  properties: {
    ready: { type: "boolean" },
    draining: { const: true },
    all_processes: { const: false, description: "Another process that shares the port has not been ready yet." },
    models: { type: "object", additionalProperties: state },
  },
  required: ["ready", "models"],
};

const summary: JsonSchema = {
  ...state,
  properties: {
    ...(state["properties"] as JsonSchema),
    name: { type: "string" },
    version: { type: "string" },
    description: { type: ["string", "null"] },
    refused_reload: refusedReload,
  },
  required: ["name", "state"],
};

const RELOAD = "Reads the bundles again, and answers when each has gone live or was refused";

/** Whether it lives and can answer: for anybody. */
export const healthPaths: Paths = {
  "/livez": {
    get: {
      ...{ tags: [CONTROL], summary: "Whether the process answers", operationId: "livez", security: [] },
      responses: { 200: json("It does.", { type: "object", properties: { live: { const: true } } }) },
    },
  },
  "/readyz": {
    get: {
      ...{ tags: [CONTROL], summary: "Whether predictions can be asked for", operationId: "readyz", security: [] },
      responses: { 200: json("They can.", readiness), 503: json("Not now.", readiness) },
    },
  },
};

export interface ControlOptions {
  readonly needsKey: boolean;
  readonly hasMetrics: boolean;
  readonly hasReload: boolean;
}

export function controlPaths({ needsKey, hasMetrics, hasReload }: ControlOptions): Paths {
  const get = (operationId: string, summary: string, responses: Record<string, JsonSchema>): JsonSchema => ({
    ...{ tags: [CONTROL], summary, operationId, responses: { ...problemsOfKeys(needsKey), ...responses } },
  });
  const listed = { type: "object", properties: { models: { type: "array", items: summary } }, required: ["models"] };
  const model = { name: "model", in: "path", required: true, schema: { type: "string" } };
  return {
    "/models": { get: get("models", "What is served", { 200: json("A line for each bundle.", listed) }) },
    "/models/{model}": {
      get: {
        ...get("model", "All that a caller needs to ask a model, and all that is known of its answers", {
          200: json("Inputs, outputs, limits, environment, proof.", summary),
          ...onlyProblem("not-found"),
          ...onlyProblem("unavailable"),
        }),
        parameters: [{ ...model, description: "Its name, or name@version." }],
      },
    },
    ...(hasMetrics && {
      "/metrics": {
        get: get("metrics", "What was counted, for Prometheus", {
          200: text("Counters.", "text/plain"),
          ...onlyProblem("unavailable"),
        }),
      },
    }),
    ...(hasReload && { "/admin/reload": { post: get("reload", RELOAD, reloadResponses) } }),
  };
}

/** What is said to whoever may not come in. */
function problemsOfKeys(needsKey: boolean): Record<string, JsonSchema> {
  const all = problemReferences(needsKey);
  return Object.fromEntries(Object.entries(all).filter(([status]) => ["401", "403", "429"].includes(status)));
}

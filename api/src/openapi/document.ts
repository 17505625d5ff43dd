import type { Model } from "../predict/model";
import { CONTROL, controlPaths, healthPaths } from "./control-paths";
import { type JsonSchema, reference } from "./json-schema";
import { predictionPaths } from "./prediction-paths";
import { predictionProblems, problemSchemas } from "./problem-responses";
import { keyedRow, rowSchemas } from "./row-schema";

export interface DocumentOptions {
  readonly models: readonly Model[];
  /** The first model's contract stands at the root too. */
  readonly hasDefault: boolean;
  readonly needsKey: boolean;
  readonly hasMetrics: boolean;
  readonly hasReload: boolean;
  /** The control plane is on this port too. */
  readonly hasControl: boolean;
}

/** OpenAPI 3.1, made of the manifests: every address with what it takes and every answer that it gives. */
export function openApiDocument(options: DocumentOptions): JsonSchema {
  const { models, hasDefault, needsKey, hasControl } = options;
  const rows = models.map((model) => ({ model, ...rowSchemas(model.bundle) }));
  const predictions = models.map((model, place) => {
    const [row, keyed] = [rowName, keyedRowName].map((kind) => reference("schemas", kind(model))) as [
      JsonSchema,
      JsonSchema,
    ];
    return predictionPaths(model, { row, keyedRow: keyed, needsKey, isDefault: hasDefault && place === 0 });
  });
  const schemas = rows.map(({ model, row, shared }) => ({
    [rowName(model)]: row,
    ...(hasKeys(model) && { [keyedRowName(model)]: keyedRow(row, model.bundle) }),
    ...shared,
  }));
  return {
    openapi: "3.1.0",
    info,
    ...(needsKey && { security: [{ bearer: [] }, { key: [] }] }),
    tags: [...models.map(tagOf), { name: CONTROL, description: "Health, metadata, counters." }],
    paths: Object.assign({}, ...predictions, healthPaths, hasControl ? controlPaths(options) : {}) as JsonSchema,
    components: {
      schemas: Object.assign({}, ...schemas, problemSchemas) as JsonSchema,
      responses: predictionProblems,
      parameters,
      headers,
      ...(needsKey && { securitySchemes }),
    },
  };
}

const info = {
  title: "Picklepod",
  version: "1",
  summary: "Original pickles behind an API, bit for bit.",
  description:
    "Each bundle has its native address and those of its contract. A request is all or nothing; every error is a problem " +
    "(RFC 9457) that says what to do. `/models/{name}@{version}/…` is the same as `/models/{name}/…`.",
  license: { name: "Apache-2.0", identifier: "Apache-2.0" },
};

const rowName = ({ bundle }: Model): string => `${bundle.name}.Row`;
const keyedRowName = ({ bundle }: Model): string => `${bundle.name}.KeyedRow`;
const hasKeys = ({ bundle: { manifest } }: Model): boolean =>
  manifest.contract.routes.some(({ request }) => request.shape === "keyed");

const tagOf = ({ bundle: { name, manifest } }: Model): JsonSchema => ({
  name,
  description: `${manifest.description ?? name} (version ${manifest.version})`,
});

const securitySchemes = {
  bearer: { type: "http", scheme: "bearer", description: "An API key." },
  key: { type: "apiKey", in: "header", name: "X-API-Key", description: "The same key, in a header of its own." },
};

const parameters = {
  RequestTimeout: {
    ...{ name: "x-request-timeout", in: "header", schema: { type: "integer", minimum: 1 } },
    description: "Milliseconds; shortens the deadline, never lengthens it.",
  },
  RequestId: {
    ...{ name: "x-request-id", in: "header", schema: { type: "string" } },
    description: "Kept where it is 1 to 64 of A-Z a-z 0-9 . _ -, and made otherwise; in the answer and in the log.",
  },
  OnError: {
    ...{ name: "on_error", in: "query", schema: { enum: ["fail", "null", "skip"] } },
    description: "What becomes of a row that cannot be predicted; given, rows are answered piece by piece.",
  },
};

const headers = {
  RequestId: { schema: { type: "string" }, description: "The request's id, as the log has it." },
  RetryAfter: { schema: { type: "string", pattern: "^[0-9]+$" }, description: "Seconds." },
  RateLimit: { schema: { type: "string" }, description: "What is left, and for how many seconds." },
  RateLimitPolicy: { schema: { type: "string" }, description: "What may be asked for in how many seconds." },
  Bundle: {
    schema: { type: "string" },
    description: "`name@version; digest=…` of what made the answer.",
  },
  UnknownCategories: {
    schema: { type: "string" },
    description:
      "`x5=1` where one row held a value that is unknown and that the manifest lets pass; `+inputs=12` last where 12 more inputs did.",
  },
};

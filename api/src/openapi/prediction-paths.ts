import type { Contract, RequestContract, RouteContract } from "../bundle/contract";
import type { Model } from "../predict/model";
import { ARROW, CSV, NDJSON } from "../stream/media";
import { type Answers, contractSchema, nativeSchema } from "./answer-schema";
import { type ExamplesOf, examplesOf, type RouteExamples } from "./examples";
import { anyOf, type JsonSchema, reference } from "./json-schema";
import { limitHeaders, predictionProblems, problemReferences } from "./problem-responses";
import { queryParameters } from "./row-schema";

export type Paths = Record<string, Record<string, JsonSchema>>;

/** One way to ask a model, as the document tells it. */
interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly model: Model;
  readonly request: RequestContract;
  readonly status: number;
  readonly answer: JsonSchema;
  readonly errors: Contract["errors"];
  readonly examples: RouteExamples;
  readonly needsKey: boolean;
}

/** A row of the bundle, and a row that stands under a key. */
interface Rows {
  readonly row: JsonSchema;
  readonly keyedRow: JsonSchema;
}

export interface PredictionOptions extends Rows {
  readonly needsKey: boolean;
  /** Its contract stands at the root as well. */
  readonly isDefault: boolean;
}

/** Every address that predicts with this model. */
export function predictionPaths(model: Model, options: PredictionOptions): Paths {
  const { name, manifest } = model.bundle;
  const answers = answersOf(model);
  const examples = examplesOf(model.bundle);
  const native: Operation = {
    id: `${name}_predictions`,
    summary: `Predictions of ${name}, every output in full`,
    ...{ model, request: { shape: "rows" }, status: 200, errors: undefined, needsKey: options.needsKey },
    answer: nativeSchema(name, manifest.version, answers),
    examples: examples(undefined),
  };
  const paths: Paths = {};
  addOperation(paths, `/models/${name}/predictions`, "POST", native, options);
  for (const route of manifest.contract.routes) {
    const operation = contractOperation(model, route, answers, examples, options.needsKey);
    addOperation(paths, `/models/${name}${route.path}`, route.method, operation, options);
    if (options.isDefault) addOperation(paths, route.path, route.method, { ...operation, id: atRoot(route) }, options);
  }
  return paths;
}

const answersOf = ({ availability, bundle: { json }, nullable }: Model): Answers => ({
  nullable,
  description:
    availability.state === "ready" ? availability.description : json.artifacts === "trained" ? undefined : json,
});

const word = (path: string): string => path.slice(1).replaceAll("/", "_");
const atRoot = ({ method, path }: RouteContract): string => `${method.toLowerCase()}_${word(path)}`;

function contractOperation(
  model: Model,
  { method, path, request, response }: RouteContract,
  answers: Answers,
  examples: ExamplesOf,
  needsKey: boolean,
): Operation {
  const { name, manifest } = model.bundle;
  return {
    id: `${name}_${method.toLowerCase()}_${word(path)}`,
    summary: `Predictions of ${name}, as its contract answers ${path}`,
    ...{ model, request, needsKey, status: response.status, errors: manifest.contract.errors },
    answer: contractSchema(response, answers, request.shape === "rows"),
    examples: examples(`${method} ${path}`),
  };
}

function addOperation(paths: Paths, path: string, method: string, operation: Operation, rows: Rows): void {
  const methods = (paths[path] ??= {});
  const told = { tags: [operation.model.bundle.name], summary: operation.summary, operationId: operation.id };
  const { request } = operation;
  if (request.shape === "query") {
    const parameters = [...queryParameters(operation.model.bundle), ...headers];
    methods[method.toLowerCase()] = { ...told, parameters, responses: responses(operation) };
    return;
  }
  const streams = request.shape === "rows";
  const parameters = streams ? [reference("parameters", "OnError"), ...headers] : headers;
  const body = { required: true, content: requestContent(request, operation, rows) };
  methods["post"] = { ...told, parameters, requestBody: body, responses: responses(operation) };
  if (!streams) return;
  const asFile = { ...told, operationId: `${operation.id}_put`, summary: `${operation.summary}: rows as a file` };
  methods["put"] = { ...asFile, parameters, requestBody: body, responses: responses(operation) };
}

const headers = [reference("parameters", "RequestTimeout"), reference("parameters", "RequestId")];

function requestContent(
  request: Exclude<RequestContract, { shape: "query" }>,
  { model: { bundle }, examples }: Operation,
  { row, keyedRow }: Rows,
): Record<string, JsonSchema> {
  const told = Object.keys(examples.requests).length > 0 ? { examples: examples.requests } : {};
  if (request.shape === "rows") {
    const { rows } = bundle.manifest.limits;
    const list = { type: "array", items: row, minItems: 1, maxItems: rows };
    return { "application/json": { schema: anyOf([row, list]), ...told }, ...streamed };
  }
  const rows = { type: "object", additionalProperties: keyedRow, minProperties: 1 };
  const schema = { type: "object", properties: { [request.envelope]: rows }, required: [request.envelope] };
  return { "application/json": { schema, ...told } };
}

/** Rows piece by piece: a schema cannot look into these. */
const streamed: Record<string, JsonSchema> = {
  [NDJSON]: { schema: { type: "string", description: "A row, or its answer, a line." } },
  [CSV]: { schema: { type: "string", description: "A header, and a row, or its answer, a line." } },
  [ARROW]: { schema: { description: "An Arrow IPC stream." } },
};

function responses(operation: Operation): Record<string, JsonSchema> {
  const { request, status, answer, examples, errors, needsKey } = operation;
  const shown = examples.responses(status);
  const told = Object.keys(shown).length > 0 ? { examples: shown } : {};
  const content = {
    "application/json": { schema: answer, ...told },
    ...(request.shape === "rows" && streamed),
  };
  const answered = {
    description: "Predicted.",
    headers: {
      "x-request-id": reference("headers", "RequestId"),
      ...limitHeaders,
      "picklepod-bundle": reference("headers", "Bundle"),
      "picklepod-unknown-categories": reference("headers", "UnknownCategories"),
    },
    content,
  };
  return withOwnErrors({ ...problemReferences(needsKey), [String(status)]: answered }, errors);
}

/** The contract's own error stands where it stands for problems; these come to whoever accepts application/problem+json. */
function withOwnErrors(responses: Record<string, JsonSchema>, errors: Contract["errors"]): Record<string, JsonSchema> {
  if (!errors) return responses;
  const status = String(errors.status);
  const before = predictionProblems[status] as { content?: JsonSchema } | undefined;
  const own = { "application/json": { schema: { const: errors.body } } };
  const description = "The contract's own error, in place of every problem of a request's content.";
  return {
    ...responses,
    [status]: { ...before, description, content: { ...before?.content, ...own } },
  };
}

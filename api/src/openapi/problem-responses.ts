import { Problem, type ProblemName, problemNames } from "../problems";
import { type JsonSchema, reference } from "./json-schema";

/** Nobody receives it: the log alone speaks of it. */
const NEVER_SENT = new Set<ProblemName>(["client-gone"]);

/** Of another address, or another method, than what an operation describes. */
const ELSEWHERE: readonly ProblemName[] = ["not-found", "method-not-allowed", "reload-refused"];

const fault: JsonSchema = {
  type: "object",
  properties: {
    detail: { type: "string", description: "What was received and what is allowed." },
    pointer: { type: "string", description: "A JSON Pointer into the body.", examples: ["#/0/x12"] },
  },
  required: ["detail", "pointer"],
  additionalProperties: false,
};

/** An error, as RFC 9457 has it. */
function problemSchema(names: readonly ProblemName[]): JsonSchema {
  return {
    type: "object",
    description: "application/problem+json (RFC 9457)",
    properties: {
      type: { enum: names.map((name) => `urn:picklepod:problem:${name}`) },
      title: { enum: [...new Set(names.map((name) => of(name).title))] },
      status: { enum: [...new Set(names.map((name) => of(name).status))] },
      detail: { type: "string", description: "What happened and how to mend it." },
      instance: { type: "string", pattern: "^urn:picklepod:request:" },
      errors: { type: "array", items: reference("schemas", "Fault"), maxItems: 100 },
      errors_not_listed: { type: "integer", minimum: 1, description: "How many more there are." },
    },
    required: ["type", "title", "status", "detail", "instance"],
  };
}

const of = (name: ProblemName): Problem => new Problem(name, { detail: "" });

const sent = problemNames.filter((name) => !NEVER_SENT.has(name));

export const problemSchemas = { Fault: fault, Problem: problemSchema(sent) };

/** Where limits are set, of every answer that counts towards them. */
export const limitHeaders = {
  ratelimit: reference("headers", "RateLimit"),
  "ratelimit-policy": reference("headers", "RateLimitPolicy"),
};

const RETRY_LATER = new Set([429, 503]);

const ofPredictions = sent.filter((name) => !ELSEWHERE.includes(name));

/** Every problem that a prediction may be answered with, by status. */
export const predictionProblems: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  [...new Set(ofPredictions.map((name) => of(name).status))]
    .toSorted((a, b) => a - b)
    .map((status) => {
      const here = ofPredictions.filter((name) => of(name).status === status);
      return [String(status), problemResponse(here, status)] as const;
    }),
);

const OF_KEYS = "401";

/** The same as references; where no key is asked for, none is wrong. A Host that is another machine's is 403 all the same. */
export const problemReferences = (needsKey: boolean): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.keys(predictionProblems)
      .filter((status) => needsKey || status !== OF_KEYS)
      .map((status) => [status, reference("responses", status)] as const),
  );

/** One that says that it is this problem, with the members that it alone has. */
export const onlyProblem = (name: ProblemName, more?: JsonSchema): Record<string, JsonSchema> => {
  const { status } = of(name);
  return { [String(status)]: problemResponse([name], status, more) };
};

function problemResponse(names: readonly ProblemName[], status: number, more?: JsonSchema): JsonSchema {
  const narrowed = {
    properties: { type: { enum: names.map((name) => `urn:picklepod:problem:${name}`) }, status: { const: status } },
  };
  const problem = reference("schemas", "Problem");
  return {
    description: names.map((name) => `\`${name}\`: ${of(name).title}.`).join(" "),
    headers: {
      "x-request-id": reference("headers", "RequestId"),
      ...(RETRY_LATER.has(status) && { "retry-after": reference("headers", "RetryAfter") }),
      ...(status === 429 && limitHeaders),
      ...(status === 401 && { "www-authenticate": { schema: { type: "string" } } }),
    },
    content: { "application/problem+json": { schema: { allOf: [problem, narrowed, ...(more ? [more] : [])] } } },
  };
}

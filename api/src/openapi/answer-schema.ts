import type { ResponseContract } from "../bundle/contract";
import type { Pinned } from "../bundle/description";
import { type AnswerField, contractFields, nativeFields, type OutputField } from "../predict/answer-fields";
import type { JsonSchema } from "./json-schema";

/** What is known of a model's answers. */
export interface Answers {
  /** Undefined until a model that trains here has been trained. */
  readonly description: Pinned | undefined;
  /** Outputs that may be null. */
  readonly nullable: ReadonlySet<string>;
}

const TYPES: Readonly<Record<OutputField["datatype"], string>> = {
  ...{ FP64: "number", FP32: "number", INT64: "integer", INT32: "integer", BOOL: "boolean", BYTES: "string" },
};

const refusedRow: JsonSchema = {
  type: "object",
  description: "Where on_error=null was asked for: a row that was not predicted, and why.",
  properties: {
    row: { type: "integer", minimum: 0 },
    errors: { type: "array", items: { $ref: "#/components/schemas/Fault" } },
    errors_not_listed: { type: "integer" },
  },
  required: ["row", "errors"],
  additionalProperties: false,
};

/** The native answer. */
export function nativeSchema(name: string, version: string, answers: Answers): JsonSchema {
  const record = recordSchema(answers, answers.description && nativeFields(answers.description));
  return object({
    model: { const: name },
    version: { const: version },
    digest: { type: "string", pattern: "^[0-9a-f]{64}$", description: "Names the loaded version of the bundle." },
    predictions: { type: "array", items: { anyOf: [record, refusedRow] } },
  });
}

/** The answer of a contract's route; `streams`: one that may be asked for piece by piece. */
export function contractSchema(contract: ResponseContract, answers: Answers, streams: boolean): JsonSchema {
  if (contract.shape === "python_repr") {
    const text = { type: "string", description: "A Python dict's text, from each row's key to its value." };
    return object({ [contract.envelope]: text, [contract.time]: { type: "number", description: "Seconds." } });
  }
  const record = recordSchema(answers, answers.description && contractFields(contract, answers.description));
  const either = streams ? { anyOf: [record, refusedRow] } : record;
  switch (contract.shape) {
    case "single":
      return record;
    case "records":
      return { type: "array", items: either };
    case "keyed":
      return { type: "object", additionalProperties: record, description: "Each row's answer under the row's key." };
    case "by_index":
      return {
        type: "object",
        patternProperties: { "^[0-9]+$": either },
        additionalProperties: false,
        description: "Each row's answer under its number, from 0.",
      };
  }
}

function recordSchema({ nullable, description }: Answers, fields: readonly AnswerField[] | undefined): JsonSchema {
  if (description === undefined || fields === undefined)
    return { type: "object", description: "Known once the model has been trained here: ask again." };
  return object(Object.fromEntries(fields.map((field) => [field.key, fieldSchema(field, description, nullable)])));
}

function fieldSchema(field: AnswerField, { outputs }: Pinned, nullable: ReadonlySet<string>): JsonSchema {
  if ("constant" in field) return { const: field.constant };
  const mayBeNull = nullable.has(outputs[field.output]?.name ?? "");
  const type = field.text ? "string" : TYPES[field.datatype];
  const value: JsonSchema = { type: mayBeNull ? [type, "null"] : type };
  const { columns } = field;
  if (columns === null || field.column !== undefined) return value;
  const told = columns.length > 100 ? `${columns.length} columns` : columns.join(", ");
  return {
    type: "array",
    items: value,
    minItems: columns.length,
    maxItems: columns.length,
    description: `In this order: ${told}.`,
  };
}

function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

import { z } from "zod";

import { inputSchema } from "../bundle/input-types";
import { manifestSchema } from "../bundle/manifest";
import { stepSchemas } from "../bundle/steps";

type JsonSchema = Record<string, unknown>;

/** As a person writes it: what the schema's transforms make of it is no editor's concern. Editors know draft 7 best. */
const written = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", target: "draft-7" });
  return rest;
};

/**
 * The JSON Schema of model.yaml. Two of its parts are read by code that a schema cannot show (an input may be one word,
 * a step is told by the key that names it), and inputs reach zod as pairs: they are put together here, of the same tables.
 */
export function manifestJsonSchema(): JsonSchema {
  const whole = written(manifestSchema);
  const properties = whole["properties"] as Record<string, JsonSchema>;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "model.yaml of a Picklepod bundle",
    ...whole,
    properties: { ...properties, inputs: inputs(), steps: steps() },
  };
}

/** `type` alone, or all that may stand beside it. */
function inputs(): JsonSchema {
  const entry = written(inputSchema);
  return {
    type: "object",
    minProperties: 1,
    additionalProperties: { anyOf: [{ type: "string", enum: typesOf(entry) }, entry] },
  };
}

/** The types that need nothing beside them come to the same word: `x: number`. */
function typesOf(entry: JsonSchema): unknown[] {
  const kinds = (entry["oneOf"] ?? entry["anyOf"]) as {
    properties: { type: { const?: unknown } };
    required: string[];
  }[];
  return kinds.filter(({ required }) => required.length === 1).map(({ properties }) => properties.type.const);
}

function steps(): JsonSchema {
  return { type: "array", minItems: 1, items: { anyOf: Object.values(stepSchemas).map(written) } };
}

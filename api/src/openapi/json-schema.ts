/** JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One of several, or the one there is. */
export function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [first] = schemas;
  return schemas.length === 1 && first ? first : { anyOf: schemas };
}

/** An answer that is JSON. */
export const json = (description: string, schema: JsonSchema): JsonSchema => ({
  description,
  content: { "application/json": { schema } },
});

export const reference = (kind: "schemas" | "responses" | "headers" | "parameters", name: string): JsonSchema => ({
  $ref: `#/components/${kind}/${name}`,
});

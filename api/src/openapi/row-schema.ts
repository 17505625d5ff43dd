import type { Input } from "../bundle/input-types";
import type { Bundle } from "../bundle/read-bundles";
import { inputSchema, mayBeAbsent, querySchema } from "./input-schema";
import { type JsonSchema, reference } from "./json-schema";

/** Of more, a document would be larger than what reads it: GET /models/{name} lists them all. */
const MOST_INPUTS = 5_000;

export interface RowSchemas {
  /** A row. */
  readonly row: JsonSchema;
  /** What several inputs have in common, by the name that the row refers to it by. */
  readonly shared: Readonly<Record<string, JsonSchema>>;
}

/** A bundle's row. */
export function rowSchemas({ name, inputs, manifest }: Bundle): RowSchemas {
  if (inputs.size > MOST_INPUTS) return { row: tooWide(name, inputs.size), shared: {} };
  const { schemaOf, shared } = sharedSchemas(name, [...inputs.values()]);
  const required = [...inputs].flatMap(([input, rules]) => (mayBeAbsent(rules) ? [] : [input]));
  return {
    row: {
      type: "object",
      description: `A row of ${name}.`,
      properties: Object.fromEntries([...inputs].map(([input, rules]) => [input, schemaOf(rules)])),
      ...(required.length > 0 && { required }),
      additionalProperties: manifest.extra === "ignore",
    },
    shared,
  };
}

const tooWide = (name: string, inputs: number): JsonSchema => ({
  type: "object",
  description: `A row of ${name}, which has ${inputs} inputs: GET /models/${name} lists each with its type and rules.`,
});

/** A schema for each input; what several inputs have is there once, and has a name. */
function sharedSchemas(
  bundle: string,
  inputs: readonly Input[],
): Pick<RowSchemas, "shared"> & { schemaOf: (input: Input) => JsonSchema } {
  // a pattern's inputs are one and the same, and others may be alike
  const texts = new Map([...new Set(inputs)].map((input) => [input, JSON.stringify(inputSchema(input))]));
  const textOf = (input: Input): string => texts.get(input) ?? "{}";
  const uses = new Map<string, number>();
  for (const input of inputs) uses.set(textOf(input), (uses.get(textOf(input)) ?? 0) + 1);
  const names = new Map<string, string>();
  const shared: Record<string, JsonSchema> = {};
  for (const [input, text] of texts) {
    if (names.has(text) || (uses.get(text) ?? 0) < 2) continue;
    const alike = Object.keys(shared).filter((name) => name.startsWith(`${bundle}.${input.type}`)).length;
    const name = `${bundle}.${input.type}${alike === 0 ? "" : `-${alike + 1}`}`;
    names.set(text, name);
    shared[name] = JSON.parse(text) as JsonSchema;
  }
  const schemaOf = (input: Input): JsonSchema => {
    const name = names.get(textOf(input));
    return name === undefined ? (JSON.parse(textOf(input)) as JsonSchema) : reference("schemas", name);
  };
  return { shared, schemaOf };
}

/** The same row with columns that the contract's keyed rows may have and the model does not see. */
export function keyedRow(row: JsonSchema, { manifest: { contract } }: Bundle): JsonSchema {
  const ignored = contract.routes.flatMap(({ request }) => (request.shape === "keyed" ? request.ignore : []));
  const properties = row["properties"] as JsonSchema | undefined;
  const extra = Object.fromEntries(ignored.map((name) => [name, { description: "Not looked at." }]));
  return properties === undefined ? row : { ...row, properties: { ...extra, ...properties } };
}

/** A row as the parameters of a query string. */
export function queryParameters({ inputs }: Bundle): JsonSchema[] {
  return [...inputs].slice(0, MOST_INPUTS).map(([name, input]) => ({
    name,
    in: "query",
    required: !mayBeAbsent(input),
    schema: querySchema(input),
  }));
}

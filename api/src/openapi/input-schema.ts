import type { Input } from "../bundle/input-types";
import { dateSchema } from "./date-schema";
import { anyOf, type JsonSchema } from "./json-schema";

// Patterns say [0-9] and not \d, which other languages let other scripts' digits pass as; and exponents of two digits, for a
// schema cannot say that a number is finite.
const BLANKS = "[ \\t-\\r]*";
const DECIMAL = "([0-9]{1,200}(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,2})?";
const NUMBER_TEXT = `^${BLANKS}[+-]?${DECIMAL}${BLANKS}$`;
const WHOLE_TEXT = `^${BLANKS}[+-]?[0-9]{1,15}${BLANKS}$`;
const PERCENT_TEXT = `^${BLANKS}[+-]?${DECIMAL}${BLANKS}%?${BLANKS}$`;
const AMOUNT = "([0-9]{1,3}(,[0-9]{3}){1,60}|[0-9]{1,200})(\\.[0-9]*)?|\\.[0-9]+";
const MONEY = `^${BLANKS}([+-]?\\$?|\\$[+-])(${AMOUNT})${BLANKS}$|^${BLANKS}\\(\\$?(${AMOUNT})\\)${BLANKS}$`;
const MONEY_TEXT = `${MONEY}|${NUMBER_TEXT}`;
const MISSING_TEXT = `^${BLANKS}([nN][aA][nN]${BLANKS})?$`;

type Numeric = Extract<Input, { type: "number" | "integer" | "currency" | "percent" }>;
type Category = Extract<Input, { type: "category" }>;

/** What a row may hold for this input. */
export function inputSchema(input: Input): JsonSchema {
  switch (input.type) {
    case "number":
      return numeric(input, "number", NUMBER_TEXT, "A number, or a text that holds one");
    case "integer":
      return numeric(input, "integer", WHOLE_TEXT, "A whole number, or a text that holds one");
    case "currency":
      return numeric(input, "number", MONEY_TEXT, 'A number, or money such as "$5,547.78"; "($12.30)" is negative');
    case "percent":
      return numeric(input, "number", PERCENT_TEXT, 'A number, or a percentage such as "36.29%"');
    case "boolean":
      return withNull({ enum: [true, false, 1, 0, "true", "false"] }, input, { type: "string", pattern: MISSING_TEXT });
    case "category":
      return category(input);
    case "text":
      return withNull({ type: "string" }, input);
    case "date":
    case "time":
    case "datetime":
      return withNull(dateSchema(input), input, { const: "" });
    case "ignored":
      return { description: "Anything: the model does not look at it." };
  }
}

/** What a query string may hold for it, where all is text. */
export function querySchema(input: Input): JsonSchema {
  switch (input.type) {
    case "number":
    case "currency":
    case "percent":
      return { type: "number", ...rangeOf(input, Number.MAX_VALUE) };
    case "integer":
      return { type: "integer", ...rangeOf(input, Number.MAX_SAFE_INTEGER) };
    case "boolean":
      return { type: "boolean" };
    case "category":
      return input.unknown === "error" ? { enum: input.values } : { type: "string", examples: input.values };
    case "date":
    case "time":
    case "datetime":
      return dateSchema(input);
    default:
      return { type: "string" };
  }
}

export const mayBeAbsent = (input: Input): boolean => input.type === "ignored" || input.absent !== "error";

function numeric(input: Numeric, type: "number" | "integer", pattern: string, description: string): JsonSchema {
  const number = { type, ...rangeOf(input, type === "integer" ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE) };
  const words = Object.keys(input.map ?? {});
  const forms = [number, { type: "string", pattern }, ...(words.length > 0 ? [{ enum: words }] : [])];
  const range = [input.min !== undefined && `at least ${input.min}`, input.max !== undefined && `at most ${input.max}`];
  const told = [description, ...range.filter((text) => text !== false)].join(", ");
  return { description: `${told}.`, ...withNull(anyOf(forms), input, { type: "string", pattern: MISSING_TEXT }) };
}

const rangeOf = ({ min, max }: Pick<Numeric, "min" | "max">, most: number): JsonSchema => ({
  minimum: Math.max(min ?? -most, -most),
  maximum: Math.min(max ?? most, most),
});

function category(input: Category): JsonSchema {
  const { values, unknown } = input;
  const isNumeric = typeof values[0] === "number";
  if (unknown !== "error") {
    const description = "Any other value passes, and is told in picklepod-unknown-categories.";
    return withNull({ type: isNumeric ? ["number", "string"] : "string", examples: values, description }, input);
  }
  if (isNumeric) return withNull({ enum: [...values, ...values.map(String)] }, input);
  if (input.case === "exact") return withNull({ enum: values }, input);
  const description = `In any case: ${values.join(", ")}.`;
  return withNull({ type: "string", pattern: `^(${values.map(inAnyCase).join("|")})$`, description }, input);
}

const inAnyCase = (value: string | number): string =>
  Array.from(String(value))
    .map((letter) => {
      const forms = new Set([letter, letter.toLowerCase(), letter.toUpperCase()].filter((form) => form.length === 1));
      return forms.size > 1 ? `[${[...forms].join("")}]` : letter.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    })
    .join("");

/** `missing`: what else counts as null. */
function withNull(schema: JsonSchema, input: { readonly null: unknown }, missing?: JsonSchema): JsonSchema {
  if (input.null === "error") return schema;
  const { description, ...rest } = schema;
  const forms = "anyOf" in rest ? (rest["anyOf"] as JsonSchema[]) : [rest];
  const told = { ...(description !== undefined && { description }), ...standIn(input.null) };
  return { ...told, anyOf: [...forms, ...(missing ? [missing] : []), { type: "null" }] };
}

/** What stands in for null is the schema's default where it is a value. */
const standIn = (rule: unknown): JsonSchema =>
  typeof rule === "object" && rule !== null && "default" in rule ? { default: rule.default } : {};

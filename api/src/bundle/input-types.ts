import { z } from "zod";

import { categoryReader } from "./category-cells";
import { type CellReader, Refused } from "./cell";
import * as cells from "./number-cells";

/** The tensor that an input's column belongs to. */
export type Tensor = "numbers" | "codes" | "texts";

const instead = <T extends z.ZodType>(value: T) => z.strictObject({ default: value });

const numberRule = z.union([z.enum(["error", "nan"]), instead(z.number())]).default("error");
const numberRules = { null: numberRule, absent: numberRule, min: z.number().optional(), max: z.number().optional() };
const categoryValue = z.union([z.string(), z.int()]);
const categoryRule = z.union([z.enum(["error", "nan", "zeros"]), instead(categoryValue)]).default("error");
const textRule = z.union([z.literal("error"), instead(z.string())]).default("error");

/** The table of input types: what a manifest may say of one. */
export const inputSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("number"), ...numberRules }),
  z.strictObject({ type: z.literal("integer"), ...numberRules }),
  z.strictObject({ type: z.literal("boolean"), null: numberRule, absent: numberRule }),
  z.strictObject({ type: z.literal("currency"), ...numberRules }),
  z.strictObject({
    type: z.literal("percent"),
    /** `percent`: "36.29%" is 36.29, as the sign alone goes; `fraction`: it is 0.3629. */
    as: z.enum(["percent", "fraction"]).default("percent"),
    ...numberRules,
  }),
  z.strictObject({
    type: z.literal("category"),
    values: z.array(categoryValue).min(1),
    case: z.enum(["exact", "ignore"]).default("exact"),
    null: categoryRule,
    absent: categoryRule,
    unknown: categoryRule,
  }),
  z.strictObject({ type: z.literal("text"), null: textRule, absent: textRule }),
]);
export type Input = z.infer<typeof inputSchema>;

/** Input types that a later format will bring; a manifest that names one is told so. */
export const reservedInputTypes = ["date", "time", "datetime"];

export function tensorOf(input: Input): Tensor {
  return input.type === "category" ? "codes" : input.type === "text" ? "texts" : "numbers";
}

/** The table of input types: how a cell of one is read. */
export function cellReader(input: Input): CellReader {
  switch (input.type) {
    case "number":
      return cells.numberReader(input, cells.parseNumber, "a number, or a string that holds one");
    case "integer":
      return cells.numberReader(input, cells.parseInteger, "a whole number, or a string that holds one");
    case "boolean":
      return cells.numberReader(input, cells.parseBoolean, "true or false");
    case "currency":
      return cells.numberReader(
        input,
        cells.parseCurrency,
        'a number, or money such as "$5,547.78", "($12.30)" being negative',
      );
    case "percent": {
      const parse = input.as === "fraction" ? cells.parseFraction : cells.parsePercent;
      return cells.numberReader(input, parse, 'a number, or a percentage such as "36.29%"');
    }
    case "category":
      return categoryReader(input);
    case "text":
      return textReader(input);
  }
}

function textReader(rules: Extract<Input, { type: "text" }>): CellReader {
  const refused = new Refused("a text");
  const answer = (rule: typeof rules.null): string | Refused => (rule === "error" ? refused : rule.default);
  const [onNull, onAbsent] = [answer(rules.null), answer(rules.absent)];
  return (value) => {
    if (typeof value === "string") return value.isWellFormed() ? value : refused;
    return value === undefined ? onAbsent : value === null ? onNull : refused;
  };
}

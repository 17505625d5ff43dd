import { z } from "zod";

import { categoryReader } from "./category-cells";
import { type CellReader, Refused } from "./cell";
import { DATE_PARTS, DATETIME_PARTS, dateReader, formatFault, TIME_PARTS } from "./date-cells";
import * as cells from "./number-cells";

/** The tensor that an input's column belongs to. */
export type Tensor = "numbers" | "codes" | "texts";

const instead = <T extends z.ZodType>(value: T) => z.strictObject({ default: value });

const numberRule = z.union([z.enum(["error", "nan"]), instead(z.number())]).default("error");
const numberRules = {
  null: numberRule,
  absent: numberRule,
  min: z.number().optional(),
  max: z.number().optional(),
  /** Texts that stand for a number. */
  map: z.record(z.string(), z.number()).optional(),
};
const categoryValue = z.union([z.string(), z.int()]);
const categoryRule = z.union([z.enum(["error", "nan", "zeros"]), instead(categoryValue)]).default("error");
const textRule = z.union([z.literal("error"), instead(z.string())]).default("error");

/** Which parts of a date or time become columns, and how it is written where that is not ISO 8601. */
const dateRule = z.union([z.enum(["error", "nan"]), instead(z.string())]).default("error");
const dated = <Type extends "date" | "time" | "datetime", const Parts extends readonly [string, ...string[]]>(
  type: Type,
  parts: Parts,
  usual: Parts[number][],
) =>
  z
    .strictObject({
      type: z.literal(type),
      parts: z.array(z.enum(parts)).min(1).default(usual),
      format: z.string().optional(),
      null: dateRule,
      absent: dateRule,
    })
    .superRefine(({ format }, context) => {
      const message = format === undefined ? undefined : formatFault(type, format);
      if (message !== undefined) context.addIssue({ code: "custom", message, path: ["format"] });
    });

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
  dated("date", DATE_PARTS, ["year", "month", "day"]),
  dated("time", TIME_PARTS, ["hour", "minute"]),
  dated("datetime", DATETIME_PARTS, ["year", "month", "day", "hour", "minute"]),
  /** A column that an artifact wants to see and drops: whatever it holds, it is nan. */
  z.strictObject({ type: z.literal("ignored") }),
]);
export type Input = z.infer<typeof inputSchema>;
export const inputTypes = inputSchema.options.map((option) => option.shape.type.value);

export function tensorOf(input: Input): Tensor {
  return input.type === "category" ? "codes" : input.type === "text" ? "texts" : "numbers";
}

type Dated = Extract<Input, { parts: unknown }>;

/** All but dates and times. */
export const hasColumnOfItsName = (input: Input): input is Exclude<Input, Dated> => !("parts" in input);

/** The columns that an input becomes: one of its own name, or one for each part of a date or time. */
export function columnsOf(name: string, input: Input): string[] {
  return hasColumnOfItsName(input) ? [name] : input.parts.map((part) => `${name}_${part}`);
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
    case "date":
    case "time":
    case "datetime":
      return dateReader(input);
    case "ignored":
      return () => NaN;
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

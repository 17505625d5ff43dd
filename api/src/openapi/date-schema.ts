import type { Input } from "../bundle/input-types";
import type { JsonSchema } from "./json-schema";

type Dated = Extract<Input, { type: "date" | "time" | "datetime" }>;

const DAY = "(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?";
const OFFSET = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?";

/** strptime's fields, each with the range that it has. */
const FIELDS: Readonly<Record<string, string>> = {
  Y: "(?!0000)[0-9]{4}",
  m: "(0?[1-9]|1[0-2])",
  d: "(0?[1-9]|[12][0-9]|3[01])",
  H: "([01]?[0-9]|2[0-3])",
  M: "[0-5]?[0-9]",
  S: "[0-5]?[0-9]",
  "%": "%",
};

/** A text of the form that the input has. */
export function dateSchema({ type, format }: Dated): JsonSchema {
  if (format !== undefined) {
    const pattern = format.replaceAll(/%(.)|[\\^$.*+?()[\]{}|]/g, (text: string, field?: string) =>
      field === undefined ? `\\${text}` : (FIELDS[field] ?? ""),
    );
    return { type: "string", pattern: `^${pattern}$`, description: `A ${type} of the form ${JSON.stringify(format)}.` };
  }
  if (type === "date") return { type: "string", format: "date", pattern: "^(?!0000)", examples: ["2024-05-17"] };
  if (type === "time") return { type: "string", pattern: `^${TIME}$`, examples: ["09:30", "09:30:00"] };
  return { type: "string", pattern: `^${DAY}[T ]${TIME}${OFFSET}$`, examples: ["2024-05-17T09:30:00"] };
}

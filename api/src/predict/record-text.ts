import type { AnswerField, OutputField } from "./answer-fields";
import { type OutputValues, type Predictions, widthOf } from "./predictions";
import { toFixedHalfEven } from "./to-fixed-half-even";

export type Value = number | bigint | string | boolean;

/** The record of one row of these predictions, as JSON. */
export type RecordOf = (row: number) => string;

/** Compiled once for a description: what is the same in every row is one text. */
export function recordWriter(fields: readonly AnswerField[]): (predictions: Predictions) => RecordOf {
  const parts: { before: string; field: OutputField }[] = [];
  let text = "{";
  for (const [i, field] of fields.entries()) {
    text += `${i === 0 ? "" : ","}${JSON.stringify(field.key)}:`;
    if ("constant" in field) text += JSON.stringify(field.constant);
    else {
      parts.push({ before: text, field });
      text = "";
    }
  }
  const end = `${text}}`;
  return (predictions) => {
    const cells = parts.map(({ before, field }) => ({ before, cell: cellWriter(field, outputAt(predictions, field)) }));
    return (row) => {
      let record = "";
      for (const { before, cell } of cells) record += before + cell(row);
      return record + end;
    };
  };
}

function cellWriter(field: OutputField, output: OutputValues): RecordOf {
  const text = fieldText(field);
  const width = widthOf(output);
  const { column } = field;
  if (column !== undefined) return (row) => text(valueAt(output, row * width + column));
  if (output.columns === null) return (row) => text(valueAt(output, row));
  return (row) => `[${output.columns?.map((_, i) => text(valueAt(output, row * width + i))).join(",")}]`;
}

export function outputAt(predictions: Predictions, { output }: Pick<OutputField, "output">): OutputValues {
  const found = predictions.outputs[output];
  if (!found) throw new RangeError("a prediction has fewer outputs than its bundle");
  return found;
}

export function valueAt({ values }: OutputValues, index: number): Value {
  const value = values[index];
  if (value === undefined) throw new RangeError("a prediction has fewer rows than its call");
  return values instanceof Uint8Array ? value === 1 : value;
}

function fieldText({ text, ...field }: OutputField): (value: Value) => string {
  const rounded = (value: Value): string => valueText(asWritten(field, value));
  return text ? (value) => JSON.stringify(typeof value === "string" ? value : rounded(value)) : rounded;
}

/** A value rounded as its field says. toFixed loses the sign of zero. */
export function asWritten({ decimals }: Pick<OutputField, "decimals">, value: Value): Value {
  if (decimals === undefined || typeof value !== "number" || value === 0) return value;
  return Number(toFixedHalfEven(value, decimals));
}

/** A value as JSON: the shortest text that round-trips. JSON has no NaN; those have been refused, or are null by the manifest. */
export function valueText(value: Value): string {
  if (typeof value === "number") return numberText(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? (Object.is(value, -0) ? "-0" : String(value)) : "null";

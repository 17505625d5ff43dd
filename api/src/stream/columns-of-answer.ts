import type { AnswerField, OutputField } from "../predict/answer-fields";
import type { OutputValues } from "../predict/predictions";
import { asWritten, type Value, valueAt, valueText } from "../predict/record-text";

/** One column of an answer that is a table: the same in every row, or one value of an output a row. */
export type AnswerColumn = ConstantColumn | OutputColumn;

export interface ConstantColumn {
  readonly name: string;
  readonly constant: unknown;
}

export interface OutputColumn {
  readonly name: string;
  readonly field: OutputField;
  /** Which value of a row's, and how many a row has. */
  readonly column: number;
  readonly width: number;
}

/** A table has no lists: a matrix is a column for each of its own. */
export function answerColumns(fields: readonly AnswerField[]): AnswerColumn[] {
  return fields.flatMap((field): AnswerColumn[] => {
    if ("constant" in field) return [{ name: field.key, constant: field.constant }];
    if (field.columns === null) return [{ name: field.key, field, column: 0, width: 1 }];
    const width = field.columns.length;
    if (field.column !== undefined) return [{ name: field.key, field, column: field.column, width }];
    return field.columns.map((name, column) => ({ name: `${field.key}.${name}`, field, column, width }));
  });
}

/** A row's value as a table holds it; null is what JSON would hold as null. */
export function cellAt({ field, column, width }: OutputColumn, output: OutputValues, row: number): Value | null {
  const value = asWritten(field, valueAt(output, row * width + column));
  if (typeof value === "number" && !Number.isFinite(value)) return field.text ? "null" : null;
  return field.text && typeof value !== "string" ? valueText(value) : value;
}

/** Of the column that holds why a row was refused. */
export function errorColumnName(columns: readonly AnswerColumn[]): string {
  let name = "error";
  while (columns.some((column) => column.name === name)) name += "_";
  return name;
}

import { outputAt, type Value } from "../predict/record-text";
import { type AnswerColumn, answerColumns, cellAt, errorColumnName } from "./columns-of-answer";
import type { AnsweredChunk } from "./predict-chunk";
import { refusedLine } from "./refused-text";
import { type Answer, eachRow, type RowWriter } from "./row-writer";

type CellOf = (place: number) => string;

/** A header line, and a line for each row (RFC 4180). An empty cell is null; an empty text is in quotes. */
export class CsvWriter implements RowWriter {
  private readonly columns: readonly AnswerColumn[];
  private readonly hasErrors: boolean;

  constructor({ fields, onError }: Answer) {
    this.columns = answerColumns(fields);
    this.hasErrors = onError === "null";
  }

  head(): string {
    const names = this.columns.map(({ name }) => name);
    if (this.hasErrors) names.push(errorColumnName(this.columns));
    return line(names.map(cellText));
  }

  rows(chunk: AnsweredChunk): string {
    const cells = this.columns.map((column) => cellsOf(column, chunk));
    const behind = this.hasErrors ? ",\n" : "\n";
    const nulls = ",".repeat(this.columns.length);
    let text = "";
    eachRow(
      chunk,
      (place) => {
        for (const [i, cell] of cells.entries()) text += (i === 0 ? "" : ",") + cell(place);
        text += behind;
      },
      (refused) => {
        if (this.hasErrors) text += `${nulls}${cellText(refusedLine(refused))}\n`;
      },
    );
    return text;
  }

  tail(): string {
    return "";
  }

  failed(problem: string): string {
    return `# problem: ${problem}\n`;
  }
}

function cellsOf(column: AnswerColumn, { predictions }: AnsweredChunk): CellOf {
  if ("constant" in column) {
    const { constant } = column;
    const text = cellText(typeof constant === "string" || constant === null ? constant : JSON.stringify(constant));
    return () => text;
  }
  if (predictions === undefined) return () => "";
  const output = outputAt(predictions, column.field);
  return (place) => cellText(cellAt(column, output, place));
}

const line = (cells: readonly string[]): string => `${cells.join(",")}\n`;

function cellText(value: Value | null): string {
  if (value === null) return "";
  if (typeof value === "string")
    return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return Object.is(value, -0) ? "-0" : String(value);
}

import type { Predictions } from "../predict/predictions";
import { type RecordOf, recordWriter } from "../predict/record-text";
import type { AnsweredChunk } from "./predict-chunk";
import { refusedRecord } from "./refused-text";
import { type Answer, eachRow, type RowWriter, type Summary } from "./row-writer";

/** A record on each line, and a summary on the last. */
export class NdjsonWriter implements RowWriter {
  private readonly records: (predictions: Predictions) => RecordOf;

  constructor(private readonly answer: Answer) {
    this.records = recordWriter(answer.fields);
  }

  head(): string {
    return "";
  }

  rows(chunk: AnsweredChunk): string {
    const record = chunk.predictions && this.records(chunk.predictions);
    let text = "";
    eachRow(
      chunk,
      (place) => (text += `${record?.(place) ?? ""}\n`),
      (refused) => (text += this.answer.onError === "null" ? `${refusedRecord(refused)}\n` : ""),
    );
    return text;
  }

  tail(summary: Summary): string {
    const { name, version, digest } = this.answer.description;
    return `${JSON.stringify({ summary: { ...summary, model: name, version, digest } })}\n`;
  }

  failed(problem: string): string {
    return `{"problem":${problem}}\n`;
  }
}

import type { Predictions } from "../predict/predictions";
import { type RecordOf, recordWriter } from "../predict/record-text";
import { nativeHead } from "../predict/shape-response";
import type { AnsweredChunk } from "./predict-chunk";
import { refusedRecord } from "./refused-text";
import { type Answer, eachRow, type RowWriter } from "./row-writer";

/** The body that the same rows would get in one piece, to the letter. */
export class JsonWriter implements RowWriter {
  private readonly records: (predictions: Predictions) => RecordOf;
  private readonly start: string;
  private readonly end: string;
  private isFirst = true;

  constructor(private readonly answer: Answer) {
    this.records = recordWriter(answer.fields);
    const { response, description } = answer;
    this.start = response === undefined ? nativeHead(description) : this.isByIndex ? "{" : "[";
    this.end = response === undefined ? "]}" : this.isByIndex ? "}" : "]";
  }

  private get isByIndex(): boolean {
    return this.answer.response?.shape === "by_index";
  }

  head(): string {
    return this.start;
  }

  rows(chunk: AnsweredChunk): string {
    const record = chunk.predictions && this.records(chunk.predictions);
    let text = "";
    const add = (row: number, value: string): void => {
      text += (this.isFirst ? "" : ",") + (this.isByIndex ? `"${chunk.first + row}":` : "") + value;
      this.isFirst = false;
    };
    eachRow(
      chunk,
      (place, row) => {
        add(row, record?.(place) ?? "");
      },
      (refused, row) => {
        if (this.answer.onError === "null") add(row, refusedRecord(refused));
      },
    );
    return text;
  }

  tail(): string {
    return this.end;
  }

  /** A list that ends too early is seen by everyone who parses it. */
  failed(): string {
    return "";
  }
}

import {
  AsyncByteQueue,
  Field,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  makeData,
} from "apache-arrow";

import { arrowColumn, arrowTexts, arrowType } from "./arrow-columns";
import { type AnswerColumn, answerColumns, errorColumnName } from "./columns-of-answer";
import type { AnsweredChunk } from "./predict-chunk";
import { refusedLine } from "./refused-text";
import { type Answer, eachRow, type RowWriter } from "./row-writer";

/** What the library writes, to be taken after each batch. */
class Written extends AsyncByteQueue {
  private pieces: Uint8Array[] = [];

  override write(piece: Uint8Array | ArrayBufferView | ArrayBuffer): void {
    const bytes = ArrayBuffer.isView(piece)
      ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
      : new Uint8Array(piece);
    if (bytes.length > 0) this.pieces.push(bytes);
  }

  take(): Buffer {
    const taken = Buffer.concat(this.pieces);
    this.pieces = [];
    return taken;
  }
}

/** An Arrow IPC stream, a record batch for each chunk. */
export class ArrowWriter implements RowWriter {
  private readonly columns: readonly AnswerColumn[];
  private readonly hasErrors: boolean;
  private readonly schema: Schema;
  private readonly written = new Written();
  private readonly writer = new RecordBatchStreamWriter();

  constructor({ fields, onError }: Answer) {
    this.columns = answerColumns(fields);
    this.hasErrors = onError === "null";
    const columns = this.columns.map((column) => new Field(column.name, arrowType(column), true));
    const errors = this.hasErrors ? [new Field(errorColumnName(this.columns), new Utf8(), true)] : [];
    this.schema = new Schema([...columns, ...errors]);
  }

  head(): Buffer {
    this.writer.reset(this.written, this.schema);
    return this.written.take();
  }

  rows(chunk: AnsweredChunk): Buffer {
    const { places, errors } = this.placesOf(chunk);
    const children = this.columns.map((column) => arrowColumn(column, chunk.predictions, places));
    if (this.hasErrors) children.push(arrowTexts(errors));
    const type = new Struct(this.schema.fields);
    this.writer.write(new RecordBatch(this.schema, makeData({ type, length: places.length, nullCount: 0, children })));
    return this.written.take();
  }

  tail(): Buffer {
    this.writer.finish();
    return this.written.take();
  }

  /** A stream without its end mark is seen by every reader. */
  failed(): string {
    return "";
  }

  /** For each row that is written its place among the predictions, -1 for nulls; and what the column of errors holds. */
  private placesOf(chunk: AnsweredChunk): { places: Int32Array; errors: (string | null)[] } {
    const places: number[] = [];
    const errors: (string | null)[] = [];
    eachRow(
      chunk,
      (place) => {
        places.push(place);
        errors.push(null);
      },
      (refused) => {
        if (!this.hasErrors) return;
        places.push(-1);
        errors.push(refusedLine(refused));
      },
    );
    return { places: Int32Array.from(places), errors };
  }
}

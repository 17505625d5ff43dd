import type { ResponseContract } from "../bundle/contract";
import type { Pinned } from "../bundle/description";
import { contractFields, nativeFields } from "../predict/answer-fields";
import type { RowsMedia } from "../rows/row-chunk";
import { ArrowWriter } from "./arrow-writer";
import type { OnError } from "./asked";
import { CsvWriter } from "./csv-writer";
import { JsonWriter } from "./json-writer";
import { NdjsonWriter } from "./ndjson-writer";
import type { Answer, RowWriter } from "./row-writer";

const writers: Readonly<Record<RowsMedia, new (answer: Answer) => RowWriter>> = {
  "application/json": JsonWriter,
  "application/x-ndjson": NdjsonWriter,
  "text/csv": CsvWriter,
  "application/vnd.apache.arrow.stream": ArrowWriter,
};

/** `response` is the contract's; undefined is the native form. */
export function createRowWriter(
  media: RowsMedia,
  response: ResponseContract | undefined,
  description: Pinned,
  onError: OnError,
): RowWriter {
  if (response?.shape === "python_repr")
    throw new RangeError("only keyed rows are answered so, and they are not streamed");
  const fields = response === undefined ? nativeFields(description) : contractFields(response, description);
  return new writers[media]({ description, response, fields, onError });
}

import type { Pinned } from "../bundle/description";
import type { ResponseContract } from "../bundle/contract";
import type { AnswerField } from "../predict/answer-fields";
import type { RefusedRow } from "../rows/row-chunk";
import type { OnError } from "./asked";
import type { AnsweredChunk } from "./predict-chunk";

/** How many rows a stream has brought, and what became of them. */
export interface Summary {
  rows: number;
  predicted: number;
  refused: number;
}

/** Writes an answer piece by piece. */
export interface RowWriter {
  /** Before the first row. */
  readonly head: () => string | Buffer;
  readonly rows: (chunk: AnsweredChunk) => string | Buffer;
  /** Behind the last row. */
  readonly tail: (summary: Summary) => string | Buffer;
  /** What is last where the call fails with rows already written, the problem being a JSON object; nothing where it cannot be told. */
  readonly failed: (problem: string) => string;
}

/** What an answer is made of. */
export interface Answer {
  readonly description: Pinned;
  /** The contract's; undefined is the native form. */
  readonly response: Exclude<ResponseContract, { shape: "python_repr" }> | undefined;
  readonly fields: readonly AnswerField[];
  readonly onError: OnError;
}

/** Every row of a chunk in order: its place among the predictions, or why it was refused. */
export function eachRow(
  { first, rows, refused }: AnsweredChunk,
  predicted: (place: number, row: number) => void,
  refusal: (refused: RefusedRow, row: number) => void,
): void {
  let behind = 0;
  for (let row = 0; row < rows; row += 1) {
    const next = refused[behind];
    if (next?.row === first + row) {
      refusal(next, row);
      behind += 1;
    } else predicted(row - behind, row);
  }
}

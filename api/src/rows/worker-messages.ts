import type { Problem } from "../problems";
import type { RowChunk, RowsMedia } from "./row-chunk";
import type { RowRules } from "./row-reader";

/** Chunks of a body that may be made and not yet taken: what bounds its memory at this end. */
export const MOST_CHUNKS = 3;

/** A body that is to be read. `reader` stands for rules that the worker has been told. */
export interface BodyToRead {
  readonly reader: number;
  readonly media: RowsMedia;
  readonly rowsPerChunk: number;
  readonly maxRowBytes: number;
  readonly ignored: ReadonlySet<string>;
}

/** What a worker is started with. */
export interface WorkerBounds {
  /** How much may be kept of rows that have not ended. */
  readonly mostUnfinishedBytes: number;
}

/** What a worker is told. `body` is the number that a body goes by. */
export type ToWorker =
  | { readonly kind: "rules"; readonly reader: number; readonly rules: RowRules }
  /** No body of these rules will come any more. */
  | { readonly kind: "forget"; readonly reader: number }
  | { readonly kind: "open"; readonly body: number; readonly open: BodyToRead }
  | { readonly kind: "bytes"; readonly body: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end"; readonly body: number }
  /** A chunk was taken: another may be made. */
  | { readonly kind: "credit"; readonly body: number }
  /** Nothing more of it is wanted. */
  | { readonly kind: "close"; readonly body: number }
  /** Whether it hears us: it is to say so. */
  | { readonly kind: "ask" };

/** What a worker tells. */
export type FromWorker =
  | { readonly kind: "chunk"; readonly body: number; readonly chunk: RowChunk }
  /** Bytes were read: others may be sent. */
  | { readonly kind: "taken"; readonly body: number; readonly bytes: number }
  | { readonly kind: "done"; readonly body: number }
  | { readonly kind: "problem"; readonly body: number; readonly problem: Pick<Problem, "problemName" | "members"> }
  | { readonly kind: "defect"; readonly body: number; readonly error: unknown }
  | { readonly kind: "here" };

import type { ChunkBuilder } from "../chunk-builder";

/**
 * Bytes to rows, in a chunk builder. Both stop, by yielding, wherever the chunk is full; it is empty when they go on.
 * What they are given is theirs.
 * @throws Problem where the body cannot be read any further
 */
export interface RowDecoder {
  readonly decode: (bytes: Buffer) => Generator<void, void, void>;
  readonly end: () => Generator<void, void, void>;
  /** How many bytes are kept of a row, or of a batch of them, that has not ended. */
  readonly unfinished: () => number;
}

export type CreateDecoder = (to: ChunkBuilder, maxRowBytes: number) => RowDecoder;

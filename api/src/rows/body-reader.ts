import { ChunkBuilder } from "./chunk-builder";
import type { CreateDecoder, RowDecoder } from "./decoders/decoder";
import type { RowChunk } from "./row-chunk";
import type { RowReader } from "./row-reader";
import { type BodyToRead, MOST_CHUNKS } from "./worker-messages";

/** What a turn brought. */
export type Turn =
  | { readonly kind: "chunk"; readonly chunk: RowChunk }
  | { readonly kind: "taken"; readonly bytes: number }
  | { readonly kind: "done" }
  /** There is nothing to do before something is sent. */
  | { readonly kind: "idle" };

/** One body in a worker: bytes come in, chunks go out, a turn at a time. */
export class BodyReader {
  private readonly rows: ChunkBuilder;
  private readonly decoder: RowDecoder;
  private readonly waiting: Buffer[] = [];
  private hasEnded = false;
  /** When something of it last came. */
  addedAt = performance.now();
  private credits = MOST_CHUNKS;
  /** What is being read, and how many bytes it was. */
  private reading: { readonly steps: Generator<void, void, void>; readonly bytes: number } | undefined;
  private isLast = false;
  private broken: { readonly error: unknown } | undefined;

  constructor(reader: RowReader, createDecoder: CreateDecoder, { rowsPerChunk, maxRowBytes, ignored }: BodyToRead) {
    this.rows = new ChunkBuilder(reader, ignored, rowsPerChunk);
    this.decoder = createDecoder(this.rows, maxRowBytes);
  }

  add(bytes: Buffer): void {
    this.addedAt = performance.now();
    this.waiting.push(bytes);
  }

  /** How many bytes are kept of what has not ended. */
  get unfinished(): number {
    return this.decoder.unfinished();
  }

  end(): void {
    this.hasEnded = true;
  }

  addCredit(): void {
    this.credits += 1;
  }

  /** Reads until there is something to tell.
   * @throws what the decoder throws, after the rows before it have been given */
  turn(): Turn {
    if (this.credits === 0) return { kind: "idle" };
    const { steps, bytes } = (this.reading ??= this.nextReading()) ?? {};
    if (steps === undefined) return { kind: "idle" };
    if (!this.isThrough(steps)) return this.chunk();
    if ((this.isLast || this.broken) && this.rows.rows > 0) return this.chunk();
    if (this.broken) throw this.broken.error;
    if (this.isLast) return { kind: "done" };
    this.reading = undefined;
    return { kind: "taken", bytes: bytes ?? 0 };
  }

  private nextReading(): BodyReader["reading"] {
    const bytes = this.waiting.shift();
    if (bytes) return { steps: this.decoder.decode(bytes), bytes: bytes.length };
    if (!this.hasEnded) return undefined;
    this.isLast = true;
    return { steps: this.decoder.end(), bytes: 0 };
  }

  /** Whether all of it was read; where not, the chunk is full. */
  private isThrough(steps: Generator<void, void, void>): boolean {
    try {
      return steps.next().done === true;
    } catch (error) {
      this.broken = { error };
      return true;
    }
  }

  private chunk(): Turn {
    this.credits -= 1;
    return { kind: "chunk", chunk: this.rows.take() };
  }
}

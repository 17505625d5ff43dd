import type { Bundle } from "../bundle/read-bundles";
import type { ReadRowsOptions, RowChunk, RowsMedia } from "./row-chunk";
import { type BodyAtWorker, openBody } from "./row-workers";

/** Bytes go to the worker in pieces of this size, since each wakes it; fewer than so many are on their way at once. */
const PIECE_BYTES = 256 * 1024;
export const MOST_BYTES_ON_THE_WAY = 4 * PIECE_BYTES;

/**
 * Reads a body of any size in constant memory, off the event loop.
 * The body is the caller's: where reading ends early, what is left of it is left unread, and not destroyed.
 * return() ends it at once, also while a chunk is awaited for which the client has not sent the rows.
 * @throws Problem where the body itself cannot be read (a row that cannot is a refused one); the signal's reason
 */
export function readRowChunks(
  bundle: Bundle,
  media: RowsMedia,
  body: AsyncIterable<Buffer>,
  options: ReadRowsOptions,
): AsyncGenerator<RowChunk, void, void> {
  const reading = new Reading();
  const chunks = chunksOf(reading, bundle, media, body, options);
  const end = chunks.return.bind(chunks);
  chunks.return = (value) => {
    reading.stop(); // a generator's own would wait until the chunk is there
    return end(value);
  };
  return chunks;
}

async function* chunksOf(
  reading: Reading,
  bundle: Bundle,
  media: RowsMedia,
  body: AsyncIterable<Buffer>,
  { rowsPerChunk, maxRowBytes, signal, ignored = new Set() }: ReadRowsOptions,
): AsyncGenerator<RowChunk, void, void> {
  signal.throwIfAborted();
  const abort = (): void => {
    reading.fail(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  const atWorker = openBody(bundle, { media, rowsPerChunk, maxRowBytes, ignored }, reading);
  void sendBody(body, atWorker, reading);
  try {
    for (let chunk = await reading.next(); chunk; chunk = await reading.next()) {
      yield chunk;
      atWorker.credit();
    }
  } finally {
    reading.stop();
    signal.removeEventListener("abort", abort);
    atWorker.close();
  }
}

/** Sends what the body brings as fast as the worker takes it. */
async function sendBody(body: AsyncIterable<Buffer>, atWorker: BodyAtWorker, reading: Reading): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  let piece = Buffer.allocUnsafeSlow(PIECE_BYTES); // memory of its own, which is handed over; every byte is written
  let filled = 0;
  const flush = async (): Promise<void> => {
    const full = filled === PIECE_BYTES ? piece : new Uint8Array(piece.subarray(0, filled));
    reading.sent(full.length);
    atWorker.send(full);
    [piece, filled] = [Buffer.allocUnsafeSlow(PIECE_BYTES), 0];
    await reading.roomForBytes();
  };
  try {
    for (let next = await pieces.next(); !next.done && !reading.isOver(); next = await pieces.next()) {
      for (let at = 0; at < next.value.length && !reading.isOver();) {
        const taken = next.value.subarray(at, at + PIECE_BYTES - filled);
        piece.set(taken, filled);
        filled += taken.length;
        at += taken.length;
        if (filled === PIECE_BYTES) await flush();
      }
    }
    if (reading.isOver()) return;
    if (filled > 0) await flush();
    atWorker.end();
  } catch (error) {
    reading.fail(error);
  } finally {
    void Promise.resolve(pieces.return?.()).catch(() => undefined);
  }
}

/** What has come of a body and was not taken yet, and who waits for it. */
class Reading {
  private over = false;
  private readonly chunks: RowChunk[] = [];
  private ending: { readonly error?: unknown } | undefined;
  private bytesOnTheWay = 0;
  private wakeReader: (() => void) | undefined;
  private wakeSender: (() => void) | undefined;

  /** The next chunk, or undefined after the last. */
  async next(): Promise<RowChunk | undefined> {
    while (this.chunks.length === 0 && !this.ending) {
      await new Promise<void>((resolve) => {
        this.wakeReader = resolve;
      });
    }
    const chunk = this.over ? undefined : this.chunks.shift();
    if (chunk === undefined && this.ending && "error" in this.ending) throw this.ending.error;
    return chunk;
  }

  /** Nobody waits for more of it. */
  isOver(): boolean {
    return this.over;
  }

  async roomForBytes(): Promise<void> {
    while (this.bytesOnTheWay >= MOST_BYTES_ON_THE_WAY && !this.ending) {
      await new Promise<void>((resolve) => {
        this.wakeSender = resolve;
      });
    }
  }

  sent(bytes: number): void {
    this.bytesOnTheWay += bytes;
  }

  readonly onChunk = (chunk: RowChunk): void => {
    this.chunks.push(chunk);
    this.wakeReader?.();
  };

  readonly onTaken = (bytes: number): void => {
    this.bytesOnTheWay -= bytes;
    this.wakeSender?.();
  };

  readonly onDone = (): void => {
    this.finish({});
  };

  /** Chunks that came before it are still given. */
  readonly onError = (error: unknown): void => {
    this.finish({ error });
  };

  /** Nothing more is given, for nobody waits for it. */
  stop(): void {
    this.over = true;
    this.finish({});
  }

  /** Nothing more is given. */
  fail(error: unknown): void {
    this.over = true;
    this.ending = { error };
    this.finish(this.ending);
  }

  private finish(ending: { readonly error?: unknown }): void {
    this.ending ??= ending;
    this.wakeReader?.();
    this.wakeSender?.();
  }
}

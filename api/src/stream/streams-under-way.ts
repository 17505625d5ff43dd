import { RetryAfter } from "../predict/retry-after";
import { Problem } from "../problems";
import { MOST_BYTES_ON_THE_WAY } from "../rows/read-row-chunks";
import { MOST_CHUNKS } from "../rows/worker-messages";
import { rowsPerChunk } from "./rows-per-chunk";

/** What the streams of a process may be, and may hold, together. */
export interface StreamBounds {
  readonly streams: number;
  readonly bytes: number;
}
const BOUNDS: StreamBounds = { streams: 256, bytes: 1024 ** 3 };

/** The chunks that were made and not taken, and the one that is filled; and bytes of the body on their way there. */
export const mostHeldBy = (columns: number): number =>
  (MOST_CHUNKS + 1) * rowsPerChunk(columns) * columns * Float64Array.BYTES_PER_ELEMENT + MOST_BYTES_ON_THE_WAY;

/** One stream takes constant memory and any time; so that all of them together do, there are only so many at once. */
export class StreamsUnderWay {
  private readonly retryAfter = new RetryAfter();
  private streams = 0;
  private bytes = 0;

  constructor(private readonly most = BOUNDS) {}

  /** What is given back is to be called, once, when the stream is over. One by itself is taken whatever it holds. @throws Problem overloaded */
  begin(bytes: number, refused: () => void = () => undefined): () => void {
    const isFull = this.streams >= this.most.streams || this.bytes + bytes > this.most.bytes;
    if (isFull && this.streams > 0) {
      refused();
      throw this.refusal();
    }
    this.retryAfter.noteTaken();
    this.streams += 1;
    this.bytes += bytes;
    return () => {
      this.streams -= 1;
      this.bytes -= bytes;
    };
  }

  private refusal(): Problem {
    const seconds = this.retryAfter.forRefused();
    const detail = `${this.streams} streams are under way already, which is as many as this process has memory for. Try again in ${seconds} s, or send the rows in fewer streams.`;
    return new Problem("overloaded", { detail, headers: { "retry-after": String(seconds) } });
  }
}

/** Whatever their model, they share the process. */
export const streamsUnderWay = new StreamsUnderWay();

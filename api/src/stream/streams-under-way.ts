import { memoryShare } from "../memory-size";
import { RetryAfter } from "../predict/retry-after";
import { Problem } from "../problems";
import { MOST_BYTES_ON_THE_WAY } from "../rows/read-row-chunks";
import { MOST_CHUNKS } from "../rows/worker-messages";
import type { Client } from "./client";
import { rowsPerChunk } from "./rows-per-chunk";

/** What the streams of a process may be, and may hold, together. */
export interface StreamBounds {
  readonly streams: number;
  readonly bytes: number;
}
const BOUNDS: StreamBounds = { streams: 256, bytes: Math.min(1024 ** 3, memoryShare()) };

/**
 * The chunks that were made and not taken, and the one that is filled; and bytes of the body on their way there. What a row has
 * before it ends is counted where it is kept: see rows/unfinished-rows.ts.
 */
export const mostHeldBy = (columns: number): number =>
  (MOST_CHUNKS + 1) * rowsPerChunk(columns) * columns * Float64Array.BYTES_PER_ELEMENT + MOST_BYTES_ON_THE_WAY;

/** What is known here of a stream: how fast its client is where the client is waited for, and how to end it. */
export type Stream = Pick<Client, "pace" | "giveUp">;

const LOOK_EVERY_MS = 1_000;
/** Who is slower than any line is may be cut where others want the place: a byte now and then would keep it for ever. */
const SLOW_BYTES_PER_SECOND = 1_024;

/** One stream takes constant memory and any time; so that all of them together do, there are only so many at once. */
export class StreamsUnderWay {
  private readonly retryAfter = new RetryAfter();
  /** How much each holds. */
  private readonly taken = new Map<Stream, number>();
  private bytes = 0;
  private looking: NodeJS.Timeout | undefined;

  constructor(private readonly most = BOUNDS) {}

  /**
   * What is given back is to be called when the stream is over. One by itself is taken whatever it holds; where there is no
   * place, the slowest clients lose theirs.
   * @throws Problem overloaded
   */
  begin(bytes: number, stream: Stream, refused: () => void = () => undefined): () => void {
    const ending = this.toEndFor(bytes);
    if (ending === undefined) {
      refused();
      throw this.refusal();
    }
    for (const slow of ending) {
      this.leave(slow); // what it holds is let go of at once, but for its last words
      slow.giveUp(tooSlow());
    }
    this.retryAfter.noteTaken();
    this.taken.set(stream, bytes);
    this.bytes += bytes;
    this.looking ??= setInterval(this.look, LOOK_EVERY_MS).unref();
    return () => {
      this.leave(stream);
    };
  }

  /** Once a second. */
  readonly look = (): void => {
    for (const { pace } of this.taken.keys()) pace.look();
  };

  private leave(stream: Stream): void {
    this.bytes -= this.taken.get(stream) ?? 0;
    this.taken.delete(stream);
    if (this.taken.size > 0) return;
    clearInterval(this.looking);
    this.looking = undefined;
  }

  /** Whose places one more needs; undefined where there is none for it. */
  private toEndFor(bytes: number): Stream[] | undefined {
    let [streams, held] = [this.taken.size, this.bytes];
    const hasRoom = (): boolean => streams === 0 || (streams < this.most.streams && held + bytes <= this.most.bytes);
    if (hasRoom()) return [];
    const ending: Stream[] = [];
    for (const slow of this.slowestFirst()) {
      ending.push(slow);
      streams -= 1;
      held -= this.taken.get(slow) ?? 0;
      if (hasRoom()) return ending;
    }
    return undefined;
  }

  private slowestFirst(): Stream[] {
    const slow = [...this.taken.keys()].filter((stream) => rateOf(stream) < SLOW_BYTES_PER_SECOND);
    return slow.sort((a, b) => rateOf(a) - rateOf(b));
  }

  private refusal(): Problem {
    const seconds = this.retryAfter.forRefused();
    const detail = `${this.taken.size} streams are under way already, which is as many as this process has memory for. Try again in ${seconds} s, or send the rows in fewer streams.`;
    return new Problem("overloaded", { detail, headers: { "retry-after": String(seconds) } });
  }
}

const rateOf = ({ pace }: Stream): number => pace.bytesPerSecond ?? Infinity;

const tooSlow = (): Problem =>
  new Problem("client-idle", {
    detail:
      `Fewer than ${SLOW_BYTES_PER_SECOND} bytes a second of the rows and of the answer were sent and read, and another stream needed the place. ` +
      "Have the rows at hand before you send them, and read the answer as it comes.",
  });

/** Whatever their model, they share the process. */
export const streamsUnderWay = new StreamsUnderWay();

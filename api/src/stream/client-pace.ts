import type { Socket } from "node:net";

type Moved = Pick<Socket, "bytesRead" | "bytesWritten" | "writableLength">;

/** One that is looked at for less long may only have begun. */
const KNOWN_AFTER_LOOKS = 30;
/** What a look has seen counts a little less at each look after it: about the last minute is told. */
const KEPT = 1 - 1 / 60;

/**
 * How fast a client sends and reads, of the seconds in which it is waited for alone. Looked at once a second, for a clock at each
 * piece would cost more; a time that the event loop was held up then counts for no more than one.
 */
export class ClientPace {
  private looks = 0;
  private seconds = 0;
  private bytes = 0;
  private moved: number;

  constructor(
    private readonly socket: Moved,
    private readonly isAwaited: () => boolean,
  ) {
    this.moved = movedOver(socket);
  }

  look(): void {
    const moved = movedOver(this.socket);
    this.bytes += Math.max(0, moved - this.moved);
    this.moved = moved;
    if (!this.isAwaited()) return;
    this.looks += 1;
    this.seconds = this.seconds * KEPT + 1;
    this.bytes *= KEPT;
  }

  /** Undefined where it has not been waited for long enough to be known. */
  get bytesPerSecond(): number | undefined {
    return this.looks < KNOWN_AFTER_LOOKS ? undefined : this.bytes / this.seconds;
  }
}

/** What still waits in this process to be read was not read yet. */
const movedOver = ({ bytesRead, bytesWritten, writableLength }: Moved): number =>
  bytesRead + bytesWritten - writableLength;

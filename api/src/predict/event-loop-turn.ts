/** Calls that were there when the turn began have waited that long already, and those before them have not been answered. */
const LONGEST_MS = 100;
/** A turn counts as the last one's successor where nothing lay between. */
const AT_ONCE_MS = 20;

/**
 * Whether this process takes in more calls than it gets done. All that is ready is read in one turn of the event loop, and so a turn
 * that is long has been the wait of all that came meanwhile, which no queue of ours shows. One long turn is a
 * pause, as of the garbage collector; a second one that follows at once is a crowd.
 */
export class EventLoopTurn {
  private began: number | undefined;
  private ended = 0;
  private lastMs = 0;

  /** To be asked once at the beginning of each call. */
  isTooLong(): boolean {
    const now = performance.now();
    if (this.began === undefined) {
      if (now - this.ended > AT_ONCE_MS) this.lastMs = 0;
      this.began = now;
      setImmediate(this.end);
      return false;
    }
    return now - this.began > LONGEST_MS && this.lastMs > LONGEST_MS / 2;
  }

  /** Immediates run when all that was ready has been read. */
  private readonly end = (): void => {
    this.ended = performance.now();
    this.lastMs = this.ended - (this.began ?? this.ended);
    this.began = undefined;
  };
}

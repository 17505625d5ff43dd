export interface ThreadWatchOptions {
  /** Asks the thread, whose answer is to be told by `answered`. */
  readonly ask: () => void;
  /** Told once: the thread has not answered in all that time. */
  readonly onHung: () => void;
  readonly everyMs?: number;
  readonly mostLooks?: number;
}

/** A thread reads a chunk in some milliseconds, and hears of a question between two. */
const EVERY_MS = 1_000;
const MOST_LOOKS = 10;

/** Finds a thread that hangs, while it has something to do. Looks are counted, not time: it may be we who were stopped. */
export class ThreadWatch {
  private timer: NodeJS.Timeout | undefined;
  private isAsked = false;
  private looksInVain = 0;

  constructor(private readonly options: ThreadWatchOptions) {}

  /** Again and again is as good as once. */
  start(): void {
    if (this.timer) return;
    this.looksInVain = 0;
    this.timer = setInterval(() => {
      this.look();
    }, this.options.everyMs ?? EVERY_MS);
    this.timer.unref();
  }

  answered(): void {
    this.isAsked = false;
    this.looksInVain = 0;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    if (!this.isAsked) {
      this.isAsked = true;
      this.options.ask();
      return;
    }
    this.looksInVain += 1;
    if (this.looksInVain < (this.options.mostLooks ?? MOST_LOOKS)) return;
    this.stop();
    this.options.onHung();
  }
}

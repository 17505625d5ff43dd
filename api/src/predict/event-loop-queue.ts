/** So few are begun in one turn of the event loop, or half of those that wait where that is more, up to so many. */
const BEGUN_A_TURN = 32;
const MOST_A_TURN = 256;
/** Where one has waited longer, and one still has in the next turn, more calls come than are done; one turn alone may be a pause. */
const LONGEST_MS = 500;

interface Waiting {
  readonly since: number;
  readonly settle: (isTaken: boolean) => void;
}

/**
 * Calls that have come and were not begun: who waits for this process, and not for a sidecar.
 *
 * All that is ready is read in one turn of the event loop. Were all of it begun there, a crowd would make the turn long, and nothing
 * else would happen meanwhile: no batch leaves, no answer, no health check, and libuv takes one new connection a turn.
 *
 * To refuse a call takes this process as long as to begin one, nearly. So of a crowd that stands the newest are begun, in time
 * for whoever sent them, and no more of the oldest are refused than that: at worst half of the time goes into refusals.
 */
export class EventLoopQueue {
  private readonly waiting: Waiting[] = [];
  private begun = 0;
  private isTurnUnderWay = false;
  private wasLate = false;

  /** To be asked once by each call. Undefined where it may begin at once; otherwise whether it may, when that is known. */
  turn(): Promise<boolean> | undefined {
    if (!this.isTurnUnderWay) {
      this.isTurnUnderWay = true;
      setImmediate(this.next);
    }
    if (this.waiting.length === 0 && this.begun < BEGUN_A_TURN) {
      this.begun += 1;
      return undefined;
    }
    return new Promise((settle) => {
      this.waiting.push({ since: performance.now(), settle });
    });
  }

  /** Immediates run when all that was ready has been read. */
  private readonly next = (): void => {
    const latest = performance.now() - LONGEST_MS;
    const isLate = (this.waiting[0]?.since ?? Infinity) < latest;
    const isCrowd = isLate && this.wasLate;
    this.wasLate = isLate;
    const begun = isCrowd ? this.waiting.splice(-BEGUN_A_TURN) : this.waiting.splice(0, this.share());
    for (const { settle } of begun) settle(true);
    const late = this.waiting.slice(0, isCrowd ? begun.length : 0).filter(({ since }) => since < latest);
    for (const { settle } of this.waiting.splice(0, late.length)) settle(false);
    this.begun = begun.length;
    this.isTurnUnderWay = begun.length > 0;
    if (this.isTurnUnderWay) setImmediate(this.next);
  };

  private share(): number {
    return Math.min(MOST_A_TURN, Math.max(BEGUN_A_TURN, Math.ceil(this.waiting.length / 2)));
  }
}

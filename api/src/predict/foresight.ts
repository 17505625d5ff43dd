import type { Lane } from "./batcher";
import type { CallCost } from "./call-cost";

/** What stands before a model's sidecars. */
export interface Queued {
  readonly rowsWaitingIn: (lane: Lane) => number;
  readonly maxRows: () => number;
  /** How many batches are computed at once. */
  readonly sidecars: () => number;
}

/** A batch that is on its way. */
interface OnItsWay {
  readonly since: number;
  readonly expectedMs: number;
}

/** Of a short wait the least, or the calls of some full batches. */
const SHORT_WAIT_MS = 100;
const SHORT_WAIT_BATCHES = 3.1; // three, and what their time may be estimated wrongly
/** The newest call's weight. */
const NEWEST = 1 / 4;

/** Of what is remembered of how long bulk took and was to take, with each that ends. */
const KEPT = 7 / 8;
/** What one takes beyond that may be a pause of the machine. */
const MOST_SLOWNESS = 10;
/** Of bulk's time, what may be foreseen: half of what is foreseen to come just in time comes too late. */
const MARGIN = 1.2;

const noCare = (): void => undefined;

/** How long the work takes that stands before a call, by the rows that wait and what calls have cost. */
export class Foresight {
  private readonly onTheirWay = new Set<OnItsWay>();
  private latelyMs = 0;
  private readonly bulk = { tookMs: 0, foreseenMs: 0 };

  constructor(
    private readonly cost: CallCost,
    private readonly queue: Queued,
  ) {}

  /** A batch leaves; what is given back is to be called when it has come back, however. */
  sent(rows: number): () => void {
    const batch = { since: performance.now(), expectedMs: this.cost.of(rows) };
    this.onTheirWay.add(batch);
    return () => {
      this.onTheirWay.delete(batch);
      this.latelyMs += (performance.now() - batch.since - this.latelyMs) * NEWEST;
    };
  }

  /**
   * What is given back is to be called when its answer is there, or its time is over. Where other processes call the same
   * sidecar, or the machine has other work, bulk takes longer than its rows' cost tells; a queue that is as long as the deadline
   * allows would then let every call end too late. Single calls have the queue's delay for that.
   */
  foresee(rows: number, lane: Lane): () => void {
    if (lane === "single") return noCare;
    const since = performance.now();
    const foreseenMs = this.onTheirWayMs() + this.waitingMs(lane) + this.workMs(rows);
    return () => {
      const tookMs = Math.min(performance.now() - since, MOST_SLOWNESS * foreseenMs);
      this.bulk.tookMs = this.bulk.tookMs * KEPT + tookMs;
      this.bulk.foreseenMs = this.bulk.foreseenMs * KEPT + foreseenMs;
    };
  }

  /** How many times as long as is foreseen it is allowed for. */
  slowness(lane: Lane): number {
    const { tookMs, foreseenMs } = this.bulk;
    if (lane === "single") return 1;
    return MARGIN * (tookMs <= foreseenMs ? 1 : tookMs / foreseenMs);
  }

  /** Where the queue stands, a single call waits no longer than this. */
  shortWaitMs(): number {
    const batchMs = Math.max(this.latelyMs, this.cost.of(this.queue.maxRows())); // the line is learned slowly
    return Math.max(SHORT_WAIT_MS, SHORT_WAIT_BATCHES * batchMs);
  }

  /** Until a sidecar is free. One that is late already is expected to take as long again. */
  onTheirWayMs(): number {
    if (this.onTheirWay.size < Math.max(1, this.queue.sidecars())) return 0;
    const now = performance.now();
    let least = Infinity;
    for (const { since, expectedMs } of this.onTheirWay) {
      const elapsed = now - since;
      least = Math.min(least, elapsed < expectedMs ? expectedMs - elapsed : elapsed);
    }
    return least;
  }

  /** Until all is sent that waits before it: batches of both lanes leave by turns. */
  waitingMs(lane: Lane): number {
    const own = this.queue.rowsWaitingIn(lane);
    const others = this.queue.rowsWaitingIn(lane === "single" ? "bulk" : "single");
    if (own + others === 0) return 0;
    const most = this.queue.maxRows();
    const turns = Math.ceil(own / most) + 1;
    const between = others === 0 ? 0 : Math.min(this.workMs(others), turns * this.cost.of(most));
    return (this.workMs(own) + between) / Math.max(1, this.queue.sidecars());
  }

  /** Of so many rows, cut into batches. */
  workMs(rows: number): number {
    if (rows === 0) return 0;
    return this.cost.of(rows) + this.cost.of(0) * (Math.ceil(rows / this.queue.maxRows()) - 1);
  }
}

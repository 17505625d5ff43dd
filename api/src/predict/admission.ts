import { noObserver, type Observer, type ShedReason } from "../observer";
import { Problem } from "../problems";
import type { Lane } from "./batcher";
import type { CallCost } from "./call-cost";
import { EventLoopQueue } from "./event-loop-queue";
import { QueueDelay } from "./queue-delay";
import { RetryAfter } from "./retry-after";

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

/** Where the queue stands, a single call waits no longer than this, or than the calls of some full batches. */
const SHORT_WAIT_MS = 100;
const SHORT_WAIT_BATCHES = 3.1; // three, and what their time may be estimated wrongly
/** Of that, for one that was taken: expected to come in time, it is given up only where it was expected wrongly. */
const PATIENCE = 1.2;
/** The newest call's weight. */
const NEWEST = 1 / 4;

/** Of what is remembered of how long bulk took and was to take, with each that ends. */
const KEPT = 7 / 8;
/** What one takes beyond that may be a pause of the machine. */
const MOST_SLOWNESS = 10;
/** Of bulk's time, what may be foreseen: half of what is foreseen to come just in time comes too late. */
const MARGIN = 1.2;

const noCare = (): void => undefined;

/** All models share the event loop. */
const eventLoop = new EventLoopQueue();

/**
 * Who is taken, and who is told at once to come again: a call whose turn would come too late, by the rows that wait and what
 * calls have cost, costs nobody anything. There is no limit on how many are under way that would have to find its
 * value: a sidecar computes one batch at a time, and a second one on its way would wait there instead of here.
 */
export class Admission {
  private readonly delay = new QueueDelay();
  private readonly retryAfter = new RetryAfter();
  private readonly onTheirWay = new Set<OnItsWay>();
  private latelyMs = 0;
  private readonly bulk = { tookMs: 0, foreseenMs: 0 };

  constructor(
    private readonly model: string,
    private readonly cost: CallCost,
    private readonly queue: Queued,
    private readonly observer: Observer = noObserver,
  ) {}

  /** Before anything is read of a call. @throws Problem overloaded */
  door(remainingMs: number): void {
    const reason = this.reasonAgainst(1, remainingMs, "single");
    if (reason !== undefined) throw this.refusal(reason, this.tooLate());
  }

  /** When a call may be read; undefined where that is at once. Rejects with the Problem overloaded. */
  turn(): Promise<void> | undefined {
    return eventLoop.turn()?.then((isTaken) => {
      if (!isTaken) throw this.refusal("delay", CROWD);
    });
  }

  /** When its rows are known. @throws Problem overloaded */
  check(rows: number, remainingMs: number, lane: Lane): void {
    const reason = this.reasonAgainst(rows, remainingMs, lane);
    if (reason !== undefined) throw this.refusal(reason, this.tooLate());
    this.retryAfter.noteTaken();
  }

  /** Whether one whose turn has come has waited too long, in a queue that does not get shorter otherwise. */
  hasWaitedTooLong(since: number): boolean {
    return this.delay.stands && performance.now() - since > PATIENCE * this.shortWaitMs();
  }

  waitedTooLong(): Problem {
    return this.refusal("delay", this.tooLate());
  }

  readonly left = (lane: Lane, rowsBehind: number): void => {
    if (lane === "single") this.delay.left(rowsBehind);
  };

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

  refusal(reason: ShedReason, why: string): Problem {
    this.observer.shed(this.model, reason);
    const seconds = this.retryAfter.forRefused();
    const detail = `${why} Try again in ${seconds} s, or send fewer rows at once.`;
    return new Problem("overloaded", { detail, headers: { "retry-after": String(seconds) } });
  }

  private reasonAgainst(rows: number, remainingMs: number, lane: Lane): ShedReason | undefined {
    const toFinishMs = this.onTheirWayMs();
    const toStartMs = this.waitingMs(lane);
    if (toFinishMs + toStartMs === 0) return undefined; // nobody is before it, and so it is the one to show what it takes
    const foreseenMs = toFinishMs + toStartMs + this.workMs(rows);
    if (foreseenMs * this.slowness(lane) > remainingMs) return "work";
    return lane === "single" && this.delay.stands && toStartMs > this.shortWaitMs() ? "delay" : undefined;
  }

  /** How many times as long as is foreseen it is allowed for. */
  private slowness(lane: Lane): number {
    const { tookMs, foreseenMs } = this.bulk;
    if (lane === "single") return 1;
    return MARGIN * (tookMs <= foreseenMs ? 1 : tookMs / foreseenMs);
  }

  private shortWaitMs(): number {
    const batchMs = Math.max(this.latelyMs, this.cost.of(this.queue.maxRows())); // the line is learned slowly
    return Math.max(SHORT_WAIT_MS, SHORT_WAIT_BATCHES * batchMs);
  }

  /** Until a sidecar is free. One that is late already is expected to take as long again. */
  private onTheirWayMs(): number {
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
  private waitingMs(lane: Lane): number {
    const own = this.queue.rowsWaitingIn(lane);
    const others = this.queue.rowsWaitingIn(lane === "single" ? "bulk" : "single");
    if (own + others === 0) return 0;
    const most = this.queue.maxRows();
    const turns = Math.ceil(own / most) + 1;
    const between = others === 0 ? 0 : Math.min(this.workMs(others), turns * this.cost.of(most));
    return (this.workMs(own) + between) / Math.max(1, this.queue.sidecars());
  }

  private workMs(rows: number): number {
    if (rows === 0) return 0;
    return this.cost.of(rows) + this.cost.of(0) * (Math.ceil(rows / this.queue.maxRows()) - 1);
  }

  private tooLate(): string {
    const rows = this.queue.rowsWaitingIn("single") + this.queue.rowsWaitingIn("bulk");
    return `${rows} rows are waiting already, and this call's turn would come too late.`;
  }
}

const CROWD = "More calls come in than this process can read.";

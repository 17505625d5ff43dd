import { noObserver, type Observer, type ShedReason } from "../observer";
import { Problem } from "../problems";
import type { Lane } from "./batcher";
import type { CallCost } from "./call-cost";
import { EventLoopQueue } from "./event-loop-queue";
import { Foresight, type Queued } from "./foresight";
import { QueueDelay } from "./queue-delay";
import { RetryAfter } from "./retry-after";

/** Of the short wait, for one that was taken: expected to come in time, it is given up only where it was expected wrongly. */
const PATIENCE = 1.2;

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
  private readonly foresight: Foresight;

  constructor(
    private readonly model: string,
    cost: CallCost,
    private readonly queue: Queued,
    private readonly observer: Observer = noObserver,
  ) {
    this.foresight = new Foresight(cost, queue);
  }

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
    return this.delay.stands && performance.now() - since > PATIENCE * this.foresight.shortWaitMs();
  }

  waitedTooLong(): Problem {
    return this.refusal("delay", this.tooLate());
  }

  readonly left = (lane: Lane, rowsBehind: number): void => {
    if (lane === "single") this.delay.left(rowsBehind);
  };

  /** A batch leaves; what is given back is to be called when it has come back, however. */
  sent(rows: number): () => void {
    return this.foresight.sent(rows);
  }

  /** What is given back is to be called when its answer is there, or its time is over. */
  foresee(rows: number, lane: Lane): () => void {
    return this.foresight.foresee(rows, lane);
  }

  refusal(reason: ShedReason, why: string): Problem {
    this.observer.shed(this.model, reason);
    const seconds = this.retryAfter.forRefused();
    const detail = `${why} Try again in ${seconds} s, or send fewer rows at once.`;
    return new Problem("overloaded", { detail, headers: { "retry-after": String(seconds) } });
  }

  private reasonAgainst(rows: number, remainingMs: number, lane: Lane): ShedReason | undefined {
    const { foresight } = this;
    const toStartMs = foresight.waitingMs(lane);
    const beforeItMs = foresight.onTheirWayMs() + toStartMs;
    if (beforeItMs === 0) return undefined; // nobody is before it, and so it is the one to show what it takes
    if ((beforeItMs + foresight.workMs(rows)) * foresight.slowness(lane) > remainingMs) return "work";
    return lane === "single" && this.delay.stands && toStartMs > foresight.shortWaitMs() ? "delay" : undefined;
  }

  private tooLate(): string {
    const rows = this.queue.rowsWaitingIn("single") + this.queue.rowsWaitingIn("bulk");
    return `${rows} rows are waiting already, and this call's turn would come too late.`;
  }
}

const CROWD = "More calls come in than this process can read.";

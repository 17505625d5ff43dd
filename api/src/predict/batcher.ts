/**
 * Joins calls made close together into batches.
 *
 * It is work-conserving: while fewer than `inFlight` batches are on their way, a call leaves at once, alone; while they
 * are busy, calls gather, and all that have gathered (up to `maxRows`) leave together as soon as one comes back. So a
 * lone call never waits for company, and a busy time makes large batches by itself.
 *
 * Submissions leave in the order in which they are due, and of those that are due at once in that in which they came: turns
 * would let all of them come too late together where more is asked than can be done. They wait in two lanes, single calls
 * and bulk; where both wait, batches are taken from one and the other by turns. So a single call waits for one batch of bulk
 * at a time, however much of it waits, and bulk always moves.
 *
 * What waits is looked at once more when its turn comes: what is no longer worth sending is refused in place of being sent.
 *
 * It counts rows and knows nothing of what is in a call. It fails only the call that owns a fault: a batch that fails
 * for what may be one call's reason is halved until that call stands alone.
 */
export interface BatcherOptions<Call, Result> {
  /** Answers the calls of one batch, a result for each in their order, or rejects for all of them. */
  readonly dispatch: (calls: readonly Call[]) => Promise<readonly Result[]>;
  readonly rowsOf: (call: Call) => number;
  /** The most rows that leave together now; a call with more leaves alone. */
  readonly maxRows: () => number;
  /** The most rows that wait in a lane; a submission beyond them is refused unless nothing waits there. */
  readonly maxRowsWaiting: number;
  /** The most batches on their way now. */
  readonly inFlight: () => number;
  /** Whether one call of the batch may alone have caused this error. */
  readonly mayBeOneCalls: (error: unknown) => boolean;
  /** Asked of a call whose turn has come: why it is not to be sent after all. Its submission is rejected with that. */
  readonly refuse?: (call: Call, lane: Lane) => Error | undefined;
  /** A batch was taken from that lane, in which so many rows still wait. */
  readonly left?: (lane: Lane, rowsBehind: number) => void;
}

export type Lane = "single" | "bulk";

/** Whether a submission is still wanted: as much of an AbortSignal as is needed here. */
export type Cancellation = Pick<AbortSignal, "aborted" | "reason"> & {
  readonly addEventListener: (type: "abort", listener: () => void) => void;
  readonly removeEventListener: (type: "abort", listener: () => void) => void;
};

export class QueueFull extends Error {
  constructor(readonly rowsWaiting: number) {
    super(`${rowsWaiting} rows are waiting`);
    this.name = "QueueFull";
  }
}

export class Batcher<Call, Result> {
  private readonly lanes = { single: new Queue<Call, Result>(), bulk: new Queue<Call, Result>() };
  private lastLane: Lane = "bulk";
  private batchesOnTheirWay = 0;

  constructor(private readonly options: BatcherOptions<Call, Result>) {}

  get rowsWaiting(): number {
    return this.lanes.single.rows + this.lanes.bulk.rows;
  }

  rowsWaitingIn(lane: Lane): number {
    return this.lanes[lane].rows;
  }

  hasRoom(rows: number, lane: Lane): boolean {
    const waiting = this.lanes[lane].rows;
    return waiting === 0 || waiting + rows <= this.options.maxRowsWaiting;
  }

  /**
   * Answers every call of a submission, or rejects it as a whole: with QueueFull at once, with the reason of `signal`
   * as soon as that aborts, or with its own fault. Its calls that still wait are then taken back.
   * @param due when its results are of no more use, on a clock that its lane shares
   */
  async submit(
    calls: readonly Call[],
    signal: Cancellation,
    lane: Lane = calls.length > 1 ? "bulk" : "single",
    due = 0,
  ): Promise<readonly Result[]> {
    if (signal.aborted) throw signal.reason;
    if (calls.length === 0) return [];
    const [rows, queue] = [this.rowsIn(calls), this.lanes[lane]];
    if (!this.hasRoom(rows, lane)) throw new QueueFull(queue.rows);
    const submission = new Submission<Call, Result>(calls, due);
    const abort = (): void => {
      submission.reject(signal.reason);
    };
    signal.addEventListener("abort", abort);
    try {
      queue.add(submission, rows);
      this.leave();
      return await submission.answered;
    } finally {
      signal.removeEventListener("abort", abort);
      queue.rows -= this.rowsIn(submission.takeBack());
    }
  }

  private rowsIn(calls: readonly Call[]): number {
    return calls.reduce((sum, call) => sum + this.options.rowsOf(call), 0);
  }

  private leave(): void {
    while (this.batchesOnTheirWay < this.options.inFlight()) {
      const batch = this.nextBatch();
      if (batch.length === 0) return;
      this.batchesOnTheirWay += 1;
      void this.run(batch).finally(() => {
        this.batchesOnTheirWay -= 1;
        this.leave();
      });
    }
  }

  /** From the lane whose turn it is, or from the other where nothing waits in that. */
  private nextBatch(): WaitingCall<Call, Result>[] {
    const turn: Lane = this.lastLane === "single" ? "bulk" : "single";
    for (const lane of [turn, this.lastLane]) {
      const batch = this.batchFrom(lane);
      if (batch.length === 0) continue;
      this.lastLane = lane;
      return batch;
    }
    return [];
  }

  private batchFrom(lane: Lane): WaitingCall<Call, Result>[] {
    const queue = this.lanes[lane];
    const { submissions } = queue;
    const batch: WaitingCall<Call, Result>[] = [];
    const maxRows = this.options.maxRows();
    let rows = 0;
    for (let [first] = submissions; first !== undefined; [first] = submissions) {
      const next = first.settled ? undefined : first.next;
      const refusal = next && this.options.refuse?.(next.call, lane);
      if (refusal !== undefined) first.reject(refusal);
      if (next === undefined || refusal !== undefined) {
        submissions.shift();
        continue;
      }
      const more = this.options.rowsOf(next.call);
      if (batch.length > 0 && rows + more > maxRows) break;
      rows += more;
      batch.push(first.give(next));
    }
    queue.rows -= rows;
    if (batch.length > 0) this.options.left?.(lane, queue.rows);
    return batch;
  }

  /** Settles every call of the batch that someone still waits for; never rejects. */
  private async run(batch: readonly WaitingCall<Call, Result>[]): Promise<void> {
    const wanted = batch.filter(({ submission }) => !submission.settled);
    if (wanted.length === 0) return;
    try {
      const results = await this.options.dispatch(wanted.map(({ call }) => call));
      if (results.length !== wanted.length) throw new Error("dispatch gave not one result per call");
      results.forEach((result, i) => wanted[i]?.submission.answer(wanted[i].index, result));
    } catch (error) {
      if (wanted.length > 1 && this.options.mayBeOneCalls(error)) {
        const middle = Math.ceil(wanted.length / 2);
        await this.run(wanted.slice(0, middle));
        await this.run(wanted.slice(middle));
      } else {
        for (const { submission } of wanted) submission.reject(error);
      }
    }
  }
}

/** Submissions that still have calls to give, in the order in which they are due, and the rows of these calls. */
class Queue<Call, Result> {
  readonly submissions: Submission<Call, Result>[] = [];
  rows = 0;

  add(submission: Submission<Call, Result>, rows: number): void {
    let at = this.submissions.length;
    while (at > 0 && (this.submissions[at - 1]?.due ?? 0) > submission.due) at -= 1;
    this.submissions.splice(at, 0, submission);
    this.rows += rows;
  }
}

interface WaitingCall<Call, Result> {
  readonly call: Call;
  readonly submission: Submission<Call, Result>;
  /** Its place in the submission. */
  readonly index: number;
}

/** Calls that are answered together or not at all; settled once. */
class Submission<Call, Result> {
  readonly answered: Promise<readonly Result[]>;
  settled = false;
  private given = 0;
  private unanswered: number;
  private readonly results: Result[];
  private resolve!: (results: readonly Result[]) => void; // set by the promise's executor, which runs at once
  private rejectAll!: (error: Error) => void;

  constructor(
    private readonly calls: readonly Call[],
    readonly due: number,
  ) {
    this.unanswered = calls.length;
    this.results = new Array<Result>(calls.length);
    this.answered = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.rejectAll = reject;
    });
  }

  /** The first of its calls that still wait. */
  get next(): { readonly call: Call; readonly index: number } | undefined {
    return this.given < this.calls.length ? { call: this.calls[this.given] as Call, index: this.given } : undefined;
  }

  give(next: { readonly call: Call; readonly index: number }): WaitingCall<Call, Result> {
    this.given += 1;
    return { ...next, submission: this };
  }

  /** Its calls that still wait; none of them waits any more. */
  takeBack(): readonly Call[] {
    const waiting = this.calls.slice(this.given);
    this.given = this.calls.length;
    return waiting;
  }

  answer(index: number, result: Result): void {
    this.results[index] = result;
    this.unanswered -= 1;
    if (this.unanswered > 0 || this.settled) return;
    this.settled = true;
    this.resolve(this.results);
  }

  reject(error: unknown): void {
    this.settled = true;
    this.rejectAll(error as Error);
  }
}

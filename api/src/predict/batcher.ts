/**
 * Joins calls made close together into batches.
 *
 * It is work-conserving: while fewer than `inFlight` batches are on their way, a call leaves at once, alone; while they
 * are busy, calls gather, and all that have gathered (up to `maxRows`) leave together as soon as one comes back. So a
 * lone call never waits for company, and a busy time makes large batches by itself.
 *
 * It counts rows and knows nothing of what is in a call. It fails only the call that owns a fault: a batch that fails
 * for what may be one call's reason is halved until that call stands alone.
 */
export interface BatcherOptions<Call, Result> {
  /** Answers the calls of one batch, a result for each in their order, or rejects for all of them. */
  readonly dispatch: (calls: readonly Call[]) => Promise<readonly Result[]>;
  readonly rowsOf: (call: Call) => number;
  /** The most rows that leave together; a call with more leaves alone. */
  readonly maxRows: number;
  /** The most rows that wait; a submission beyond them is refused unless nothing waits. */
  readonly maxRowsWaiting: number;
  /** Batches on their way at once. */
  readonly inFlight: number;
  /** Whether one call of the batch may alone have caused this error. */
  readonly mayBeOneCalls: (error: unknown) => boolean;
}

export class QueueFull extends Error {
  constructor(readonly rowsWaiting: number) {
    super(`${rowsWaiting} rows are waiting`);
    this.name = "QueueFull";
  }
}

export class Batcher<Call, Result> {
  private waiting: WaitingCall<Call, Result>[] = [];
  private batchesOnTheirWay = 0;
  private rows = 0;

  constructor(private readonly options: BatcherOptions<Call, Result>) {}

  get rowsWaiting(): number {
    return this.rows;
  }

  /**
   * Answers every call of a submission, or rejects it as a whole: with QueueFull at once, with the reason of `signal`
   * as soon as that aborts, or with its own fault. Its calls that still wait are then taken back.
   */
  async submit(calls: readonly Call[], signal: AbortSignal): Promise<readonly Result[]> {
    signal.throwIfAborted();
    if (calls.length === 0) return [];
    const rows = this.rowsIn(calls);
    if (this.rows > 0 && this.rows + rows > this.options.maxRowsWaiting) throw new QueueFull(this.rows);
    const submission = new Submission<Result>(calls.length);
    const abort = (): void => {
      submission.reject(signal.reason);
    };
    signal.addEventListener("abort", abort);
    try {
      this.waiting.push(...calls.map((call, index) => ({ call, submission, index })));
      this.rows += rows;
      this.leave();
      return await submission.answered;
    } finally {
      signal.removeEventListener("abort", abort);
      if (submission.unanswered > 0) this.takeBack(submission);
    }
  }

  private rowsIn(calls: readonly Call[]): number {
    return calls.reduce((sum, call) => sum + this.options.rowsOf(call), 0);
  }

  private takeBack(submission: Submission<Result>): void {
    this.waiting = this.waiting.filter((waiting) => waiting.submission !== submission);
    this.rows = this.rowsIn(this.waiting.map(({ call }) => call));
  }

  private leave(): void {
    while (this.batchesOnTheirWay < this.options.inFlight && this.waiting.length > 0) {
      this.batchesOnTheirWay += 1;
      void this.run(this.nextBatch()).finally(() => {
        this.batchesOnTheirWay -= 1;
        this.leave();
      });
    }
  }

  private nextBatch(): WaitingCall<Call, Result>[] {
    let rows = 0;
    let count = 0;
    for (const { call } of this.waiting) {
      const more = this.options.rowsOf(call);
      if (count > 0 && rows + more > this.options.maxRows) break;
      rows += more;
      count += 1;
    }
    this.rows -= rows;
    return this.waiting.splice(0, count);
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

interface WaitingCall<Call, Result> {
  readonly call: Call;
  readonly submission: Submission<Result>;
  /** Its place in the submission. */
  readonly index: number;
}

/** Calls that are answered together or not at all; settled once. */
class Submission<Result> {
  readonly answered: Promise<readonly Result[]>;
  settled = false;
  unanswered: number;
  private readonly results: Result[];
  private resolve!: (results: readonly Result[]) => void; // set by the promise's executor, which runs at once
  private rejectAll!: (error: Error) => void;

  constructor(calls: number) {
    this.unanswered = calls;
    this.results = new Array<Result>(calls);
    this.answered = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.rejectAll = reject;
    });
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

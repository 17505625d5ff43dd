/** What a sidecar answers when it is asked whether it is ready. */
export interface Answer {
  readonly status: number;
  /** Its own word that a call of its never ends, and so that no other does. */
  readonly stuck: string | undefined;
}

export interface PulseOptions {
  /** The longest that any caller waits for one call. */
  readonly longestCallMs: number;
  readonly askEveryMs: number;
  readonly frozenAfterAsks: number;
  /** What the process has computed so far; undefined where the system does not tell. */
  readonly ticks: () => number | undefined;
}

/** What a process that does nothing may compute between two asks. */
const IDLE_TICKS = 2;
/** So many times as long may one that loads stand still: a slow file system can keep it waiting while it holds Python's lock. */
const LOADING_TIMES = 6;

/**
 * What asking has come to; each answer, and each ask in vain, ends with the reason why nothing more will come of the sidecar, or
 * none. One that answers nothing any more is frozen; but one that computes, holding Python's lock, is given the time of the
 * longest call and once more what a frozen one is given, and while it loads as long as it likes. One that says that it is stuck
 * has to say so as often: where machine and call were stopped for a while, the call may end.
 * What counts is how often it was asked, not a time: where we were stopped ourselves, it was not asked.
 */
export class Pulse {
  wasReady = false;
  private inVain = 0;
  private idleAsks = 0;
  private stuckAsks = 0;
  private ticks: number | undefined;

  constructor(private readonly options: PulseOptions) {
    this.ticks = options.ticks();
  }

  heard({ status, stuck }: Answer): string | undefined {
    this.wasReady ||= status === 200;
    [this.inVain, this.idleAsks] = [0, 0];
    this.stuckAsks = stuck === undefined ? 0 : this.stuckAsks + 1;
    return this.stuckAsks < this.options.frozenAfterAsks ? undefined : stuck;
  }

  missed(): string | undefined {
    const { longestCallMs, askEveryMs, frozenAfterAsks } = this.options;
    this.idleAsks = this.isIdle() ? this.idleAsks + 1 : 0;
    this.inVain += 1;
    const silent = `it did not answer for ${Math.round((this.inVain * askEveryMs) / 1000)} s`;
    if (this.idleAsks >= frozenAfterAsks * (this.wasReady ? 1 : LOADING_TIMES)) return `${silent}, and did not compute`;
    const isTooLong = this.inVain >= frozenAfterAsks + Math.ceil(longestCallMs / askEveryMs);
    return this.wasReady && isTooLong ? `${silent}, longer than any call may take` : undefined;
  }

  /** Since the last ask in vain. */
  private isIdle(): boolean {
    const before = this.ticks;
    this.ticks = this.options.ticks();
    return this.ticks !== undefined && before !== undefined && this.ticks - before <= IDLE_TICKS;
  }
}

/** So much more of something that is counted in windows of so many seconds, and how much there may be in one. */
export interface Count {
  readonly name: string;
  readonly seconds: number;
  readonly more: number;
  readonly most: number;
}

export interface Counted {
  /** With what is counted now, where that has room. */
  readonly total: number;
  /** When its window is over; of one that has not begun, how long it would last. */
  readonly endsInMs: number;
}

/** Counts, each in a window of its own that begins with its first call. Never throws, never rejects. */
export interface Counter {
  /** All of them where each has room, and else none: in one step, whoever else counts at the same time. */
  readonly add: (counts: readonly Count[]) => Verdicts | Promise<Verdicts>;
  readonly stop: () => void;
}

export interface Verdicts {
  readonly added: boolean;
  readonly counted: readonly Counted[];
}

/** So much more of something that is counted in windows of so many seconds. */
export interface Count {
  readonly name: string;
  readonly seconds: number;
  readonly more: number;
}

export interface Counted {
  readonly total: number;
  /** When the window is over, in which this was counted. */
  readonly endsInMs: number;
}

/** Counts, each in a window of its own that begins with its first call. Never throws, never rejects. */
export interface Counter {
  readonly add: (counts: readonly Count[]) => readonly Counted[] | Promise<readonly Counted[]>;
  readonly stop: () => void;
}

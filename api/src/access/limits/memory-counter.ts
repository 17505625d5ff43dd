import type { Count, Counted, Counter, Verdicts } from "./counter";

/** An attacker with many addresses fills no more memory than this: beyond it the oldest windows are forgotten. */
const MOST_WINDOWS = 100_000;

/**
 * In this process. The libraries for it read the time of day, whose jumps would end a window or prolong it, and answer in
 * a promise, which costs a prediction more than the count.
 */
export class MemoryCounter implements Counter {
  private readonly byLength = new Map<number, Windows>();

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly mostWindows = MOST_WINDOWS,
  ) {}

  add(counts: readonly Count[]): Verdicts {
    const now = this.now();
    const added = counts.every(
      ({ name, seconds, more, most }) => this.windowsOf(seconds).total(name, now) + more <= most,
    );
    const counted = counts.map(({ name, seconds, more }) => this.windowsOf(seconds).add(name, added ? more : 0, now));
    return { added, counted };
  }

  stop(): void {
    this.byLength.clear();
  }

  private windowsOf(seconds: number): Windows {
    const known = this.byLength.get(seconds);
    if (known) return known;
    const windows = new Windows(seconds * 1000, this.mostWindows);
    this.byLength.set(seconds, windows);
    return windows;
  }
}

/** All of one length, so that the one that began first ends first: those that are over stand in front. */
class Windows {
  private readonly byName = new Map<string, { total: number; readonly endsAt: number }>();

  constructor(
    private readonly ms: number,
    private readonly most: number,
  ) {}

  total(name: string, now: number): number {
    const window = this.byName.get(name);
    return window === undefined || window.endsAt <= now ? 0 : window.total;
  }

  add(name: string, more: number, now: number): Counted {
    let window = this.byName.get(name);
    if (window === undefined || window.endsAt <= now) {
      if (more === 0) return { total: 0, endsInMs: this.ms };
      this.byName.delete(name); // so that its successor stands at the end
      this.forget(now);
      window = { total: 0, endsAt: now + this.ms };
      this.byName.set(name, window);
    }
    window.total += more;
    return { total: window.total, endsInMs: Math.round(window.endsAt - now) };
  }

  private forget(now: number): void {
    for (const [name, { endsAt }] of this.byName) {
      if (endsAt > now && this.byName.size < this.most) return;
      this.byName.delete(name);
    }
  }
}

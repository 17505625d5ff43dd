import { jittered } from "../jittered";

const LONGEST_SECONDS = 30;
/** What was taken and refused longer ago counts half as much, and so on. */
const HALVED_EVERY_MS = 1_000;

/**
 * When those who were turned away may come again: as many seconds as there are times more calls than can be taken, so that
 * they would then come at a rate that can be. Each is told another time of that length, for they were refused together.
 */
export class RetryAfter {
  private taken = 0;
  private refused = 0;
  private halved = performance.now();

  constructor(private readonly random: () => number = Math.random) {}

  noteTaken(): void {
    this.forget();
    this.taken += 1;
  }

  /** Whole seconds for one that is refused now, 1 at least. */
  forRefused(): number {
    this.forget();
    this.refused += 1;
    const timesMore = Math.ceil((this.taken + this.refused) / Math.max(1, this.taken));
    return jittered(Math.min(LONGEST_SECONDS, timesMore), this.random);
  }

  private forget(): void {
    const now = performance.now();
    if (now - this.halved < HALVED_EVERY_MS) return;
    const share = 0.5 ** Math.floor((now - this.halved) / HALVED_EVERY_MS);
    this.taken *= share;
    this.refused *= share;
    this.halved = now;
  }
}

/** A queue that gets no shorter for so long, and for so many batches, stands: it is no burst, but more than can be done. */
const STANDS_AFTER_MS = 150;
const STANDS_AFTER_BATCHES = 3;
/** Of its rows, from the most that waited meanwhile. */
const SHORTER = 0.85;

/**
 * Whether a queue stands, after CoDel: a queue that a burst made empties by itself, and whoever waits in it is answered a little
 * later. One that stays only makes every caller wait as long as the one before; then waiting is kept short, and what
 * has waited longer is refused, until it has been empty once.
 */
export class QueueDelay {
  stands = false;
  private since = 0;
  private batches = 0;
  private most = 0;

  /** A batch was taken from the queue, in which so many rows still wait. Batches are counted, too: a sidecar that hung has made a burst. */
  left(rowsBehind: number): void {
    const now = performance.now();
    if (rowsBehind === 0) {
      this.stands = false;
      this.batches = 0;
      return;
    }
    if (this.batches === 0 || rowsBehind <= SHORTER * this.most) [this.since, this.batches, this.most] = [now, 0, 0];
    this.batches += 1;
    this.most = Math.max(this.most, rowsBehind);
    this.stands ||= this.batches >= STANDS_AFTER_BATCHES && now - this.since >= STANDS_AFTER_MS;
  }
}

/** No model in memory should be larger. */
const most = 512 * 1024 * 1024;
/**
 * An honest array of zeros shrinks to a thousandth: so much may come of nothing, and so much of each byte that was read.
 * As in picklepod_gate/expand.py.
 */
export const always = 48 * 1024 * 1024;
export const times = 200;

export const limitOf = (read: number): number => Math.min(most, always + read * times);

/** Where a compressed file is expanded to, within reason. */
export class Room {
  length = 0;
  /** Pages that are never touched cost nothing: that is cheaper than to join the pieces in the end. */
  private readonly bytes: Buffer;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(limitOf(size));
  }

  /**
   * @param read how much of the file made all that came so far
   * @returns whether that is within reason
   */
  take(chunk: Buffer, read: number): boolean {
    if (this.length + chunk.length > Math.min(limitOf(read), this.bytes.length)) return false;
    chunk.copy(this.bytes, this.length);
    this.length += chunk.length;
    return true;
  }

  get content(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

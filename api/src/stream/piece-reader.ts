import type { Bytes } from "./decode";

/** Takes so many bytes at a time from pieces of any length. */
export class PieceReader {
  private held: Buffer = Buffer.alloc(0);

  constructor(private readonly pieces: Bytes) {}

  async isAtEnd(): Promise<boolean> {
    while (this.held.length === 0) if (!(await this.more())) return true;
    return false;
  }

  /** @throws Error where there are fewer */
  async take(count: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      if (await this.isAtEnd()) throw new Error("it ends too early");
      const piece = this.held.subarray(0, missing);
      this.held = this.held.subarray(piece.length);
      missing -= piece.length;
      taken.push(piece);
    }
    return taken.length === 1 && taken[0] ? taken[0] : Buffer.concat(taken);
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; left -= Math.min(left, 65_536)) await this.take(Math.min(left, 65_536));
  }

  private async more(): Promise<boolean> {
    const { value } = await this.pieces.next();
    if (value) this.held = value;
    return value !== undefined;
  }
}

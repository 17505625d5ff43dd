import { CannotFollow } from "./dangers";

/**
 * Things and places of the memo. Honest pickles make one for each five bytes at most; one that is compressed well pays for
 * what it makes by its own size, for a few hundred bytes can expand to millions of opcodes. As in picklepod_gate/machine.py.
 */
const freelyMade = 500_000;
const bytesForOne = 4;
const forByteOfFile = 8;
/**
 * Bytes that loading makes beside those in the stream. Honest pickles make each byte three times at most, and for indexes
 * eight times; of one text that is memoised, a call of a few bytes makes as many anew each time.
 */
const megabyte = 1024 * 1024;
const freelySpent = 64 * megabyte;
const spentForByte = 10;
const spentWhenCompressed = { ofStream: 3, ofFile: 20 };
/** Long containers are walked through at each use, though one that is memoised stands in the stream once. */
const freelyWalked = 100_000;
const long = 64;

/** What a pickle may cost, by the length of its stream and of the file that it came in. */
export class Limits {
  private made = 0;
  private spent = 0;
  private walked = 0;
  private readonly mayMake: number;
  private readonly maySpend: number;
  private readonly mayWalk: number;

  constructor(stream: number, file: number) {
    const { ofStream, ofFile } = spentWhenCompressed;
    this.mayMake = freelyMade + Math.min(Math.floor(stream / bytesForOne), file * forByteOfFile);
    this.maySpend = freelySpent + Math.min(spentForByte * stream, ofStream * stream + ofFile * file);
    this.mayWalk = freelyWalked + stream;
  }

  /** A few bytes make a container, or a place of the memo, which take more. */
  make(): void {
    if (++this.made > this.mayMake) throw bomb(`It makes more than ${this.mayMake} things out of almost nothing.`);
  }

  spend(size: number): void {
    this.spent += size;
    const most = Math.floor(this.maySpend / megabyte);
    if (this.spent > this.maySpend) throw bomb(`It makes more than ${most} MB out of almost nothing.`);
  }

  walk(length: number): void {
    if (length <= long) return;
    this.walked += length;
    if (this.walked > this.mayWalk) throw bomb("It uses the same long container over and over.");
  }
}

const bomb = (what: string): CannotFollow => new CannotFollow("expansion", what, 0);

import { write, writeSync } from "node:fs";

/** A line is written within 100 ms; under load many go at once, since each write costs as much as a dozen lines. */
const TOGETHER = 16_000;
const WITHIN_MS = 100;
/** What is kept for a reader that does not read; what comes beyond it is lost, and counted. */
const MOST_KEPT = 8_000_000;
const LAST_TRIES = 20;
const LAST_PAUSE_MS = 50;

type Write = (fd: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | null, count: number) => void) => void;

/**
 * The log's way out, for pino. Where nothing can be written, because the disk is full or nobody reads, lines are lost and
 * everything else goes on; pino's own destination then ends the process, and on its way out tries for ever.
 */
export class LogWrites {
  private kept = "";
  private isWriting = false;
  private timer: NodeJS.Timeout | undefined;
  private lost = 0;
  private reason = "";

  constructor(
    private readonly fd: number,
    private readonly writeSome: Write = write,
  ) {}

  write(line: string): void {
    if (this.kept.length > MOST_KEPT) this.lose(1, "nobody reads it");
    else this.kept += line;
    if (this.kept.length >= TOGETHER) this.flush();
    else this.timer ??= setTimeout(this.flush, WITHIN_MS).unref();
  }

  /** Whatever is left, when there is no time for anything else. */
  end(): void {
    let bytes = Buffer.from(this.taken());
    for (let tries = 0; bytes.length > 0 && tries < LAST_TRIES; tries += 1) {
      try {
        bytes = bytes.subarray(writeSync(this.fd, bytes));
      } catch (error) {
        if (!isBusy(error as NodeJS.ErrnoException)) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE_MS);
      }
    }
  }

  private readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isWriting || this.kept === "") return;
    this.isWriting = true;
    this.put(Buffer.from(this.taken()));
  };

  private taken(): string {
    const text = this.kept;
    this.kept = "";
    if (this.lost === 0) return text;
    const line = { level: 40, time: Date.now(), msg: `${this.lost} lines of the log were lost: ${this.reason}` };
    this.lost = 0;
    return `${JSON.stringify(line)}\n${text}`;
  }

  private put(bytes: Buffer): void {
    this.writeSome(this.fd, bytes, (error, count) => {
      if (error !== null && isBusy(error))
        setTimeout(() => { this.put(bytes); }, WITHIN_MS).unref(); // prettier-ignore
      else if (error === null && count < bytes.length) this.put(bytes.subarray(count));
      else this.written(bytes, error);
    });
  }

  private written(bytes: Buffer, error: NodeJS.ErrnoException | null): void {
    this.isWriting = false;
    if (error !== null) this.lose(bytes.filter((byte) => byte === NEWLINE).length, error.message);
    if (this.kept.length >= TOGETHER) this.flush();
    else if (this.kept !== "") this.timer ??= setTimeout(this.flush, WITHIN_MS).unref();
  }

  private lose(lines: number, reason: string): void {
    this.lost += lines;
    this.reason = reason;
  }
}

const NEWLINE = 10;
const isBusy = ({ code }: NodeJS.ErrnoException): boolean => code === "EAGAIN" || code === "EBUSY";

/** Standard output, to the last line. */
export function stdoutLog(): LogWrites {
  const writes = new LogWrites(process.stdout.fd);
  process.on("exit", () => { writes.end(); }); // prettier-ignore
  return writes;
}

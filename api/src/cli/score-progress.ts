import { Format, SingleBar } from "cli-progress";

/** A bar on stderr, on a terminal alone. */
export interface ScoreProgress {
  readonly sent: (bytes: number) => void;
  /** `lines`: a piece of an answer that has a line a row. */
  readonly received: (lines: Buffer | undefined) => void;
  readonly seconds: () => number;
  readonly stop: () => void;
}

const NEWLINE = 0x0a;

/** `size`: how many bytes there are to send, where that is known; the time left follows from it. */
export function scoreProgress(size: number | undefined): ScoreProgress {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const shares = size === undefined ? "" : " {bar} {percentage}%";
  const left = size === undefined ? "" : " · {eta_formatted} left";
  const bar = new SingleBar({
    format: `${shares} {rows} rows · {rate} rows/s${left}`,
    formatValue: (value, _options, type) => (type === "percentage" ? String(value).padStart(3) : String(value)),
    formatBar: Format.BarFormat,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    fps: 5,
  });
  let [bytes, rows] = [0, 0];
  bar.start(size ?? 0, 0, { rows, rate: 0 });
  return {
    sent: (count) => {
      bytes += count;
    },
    received: (lines) => {
      if (lines !== undefined) rows += countNewlines(lines);
      bar.update(bytes, { rows, rate: Math.round(rows / seconds()) });
    },
    seconds,
    stop: () => {
      bar.stop();
    },
  };
}

function countNewlines(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

import type { WriteStream } from "node:tty";

import picocolors from "picocolors";

import { printableLines } from "../printable";
import { exitCodes } from "./exit-codes";

/** Results go to stdout, for what reads them next. */
export const print = (text: string): void => {
  process.stdout.write(`${printableLines(text)}\n`);
};

/** Progress and findings go to stderr, for the person who waits. */
export const say = (text: string): void => {
  process.stderr.write(`${printableLines(text)}\n`);
};

export const printJson = (value: unknown): void => {
  print(JSON.stringify(value, null, 2));
};

/** On a terminal alone, and never with NO_COLOR or TERM=dumb, which hasColors() knows of. */
const hasColours = (stream: Partial<WriteStream>): boolean => stream.isTTY === true && stream.hasColors?.() === true;

export const coloursOf = (stream: "stdout" | "stderr"): boolean => hasColours(process[stream]);

export const paint = (stream: "stdout" | "stderr") => picocolors.createColors(coloursOf(stream));

/** What the disk may answer to what is written: it is full, a file may be no larger, it is broken. */
const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EIO"]);

/** A reader that has seen enough (`| head`) is no fault; a disk that takes no more is one of the machine. */
export function heedOutputErrors(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      if (!NO_ROOM.has(error.code ?? "")) throw error;
      if (stream === process.stdout)
        say(`stdout is not complete: ${error.message}. Make room there, or write elsewhere.`);
      process.exit(exitCodes.lacking.code);
    });
  }
}

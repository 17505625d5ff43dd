import type { WriteStream } from "node:tty";

import picocolors from "picocolors";

import { printableLines } from "../printable";

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

/** A reader that has seen enough (`| head`) is no fault. */
export function forgiveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
}

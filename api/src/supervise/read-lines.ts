import type { Readable } from "node:stream";

const longestLine = 64 * 1024;

/** Calls onLine with each line, the last one even without its end. A line that never ends is handed over in pieces. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
    if (rest.length > longestLine) {
      onLine(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}

/** Remembers the last lines of a text of any length. */
export function lastLines(most: number) {
  const lines: string[] = [];
  return {
    add(line: string) {
      lines.push(line);
      if (lines.length > most) lines.shift();
    },
    text: () => lines.join("\n"),
  };
}

import { PassThrough } from "node:stream";
import { lastLines, readLines } from "./read-lines";

async function linesOf(...chunks: (string | Buffer)[]) {
  const stream = new PassThrough();
  const lines: string[] = [];
  readLines(stream, (line) => lines.push(line));
  chunks.forEach((chunk) => stream.write(chunk));
  stream.end();
  await new Promise((resolve) => stream.on("close", resolve));
  return lines;
}

describe("lines", () => {
  it("are whole, however they arrive, and the last needs no end", async () => {
    expect(await linesOf("on", "e\ntw", "o\r\n", "\nlast")).toEqual(["one", "two", "", "last"]);
  });

  it("keep characters that arrive in two parts", async () => {
    const euro = Buffer.from("€\n");
    expect(await linesOf(euro.subarray(0, 1), euro.subarray(1))).toEqual(["€"]);
  });

  it("that never end do not fill the memory", async () => {
    const lines = await linesOf(...Array<string>(5).fill("x".repeat(30_000)));
    expect(lines.map(({ length }) => length)).toEqual([90_000, 60_000]);
  });

  it("are forgotten but for the last ones", () => {
    const lines = lastLines(2);
    for (const line of ["a", "b", "c"]) lines.add(line);
    expect(lines.text()).toBe("b\nc");
  });
});

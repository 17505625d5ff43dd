import { execFileSync, spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";

import { Problem } from "../problems";
import { type Bytes, decoderFor } from "./decode";
import { decodeZstdBlocks, nodeZstd } from "./zstd";

const text = Array.from({ length: 20_000 }, (_, i) => `${i},${Math.sin(i)},"row ${i % 7}"\n`).join("");

async function* inPieces(bytes: Uint8Array, size: number): Bytes {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(Buffer.from(bytes.subarray(at, at + size)));
}

async function read(bytes: Bytes): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const decode = (encoding: string, bytes: Uint8Array, size = 1000): Promise<string> =>
  read(decoderFor(encoding)?.(inPieces(bytes, size)) ?? inPieces(bytes, size));

const problemOf = (work: Promise<string>): Promise<string> =>
  work.then(
    (got) => `${got.length} characters`,
    (error: unknown) => (error instanceof Problem ? `${error.problemName}: ${error.message}` : String(error)),
  );

const hasZstd = spawnSync("zstd", ["--version"]).status === 0;
const zstd = (content: string, ...flags: string[]): Buffer =>
  execFileSync("zstd", ["-c", ...flags], { input: content, maxBuffer: 1e9 });

describe("gzip", () => {
  it.each([1, 1000, 1e6])("is read in pieces of %d bytes", async (size) => {
    const short = size === 1 ? text.slice(0, 20_000) : text;
    expect(await decode("gzip", gzipSync(short), size)).toBe(short);
  });

  it("is read where several stand one behind the other, as they are in a file that was appended to", async () => {
    expect(await decode("GZIP", Buffer.concat([gzipSync("a,b\n"), gzipSync("1,2\n")]))).toBe("a,b\n1,2\n");
  });

  it("that is cut short, or is none, is a problem", async () => {
    expect(await problemOf(decode("gzip", gzipSync(text).subarray(0, -9)))).toBe("malformed: The body is not whole gzip: unexpected end of file."); // prettier-ignore
    expect(await problemOf(decode("gzip", Buffer.from(text)))).toBe("malformed: The body is not whole gzip: incorrect header check."); // prettier-ignore
  });

  it("that holds far more than it is long is read no further", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const problem = "body-too-large: The body holds more than 100 times what it is long in gzip. Send it unencoded, or in more calls."; // prettier-ignore
    expect(await problemOf(decode("gzip", bomb, 65_536))).toBe(problem);
  });

  it("passes on why its source has ended", async () => {
    async function* gone(): Bytes {
      yield await Promise.resolve(gzipSync(text).subarray(0, 100));
      throw new Problem("client-gone", { detail: "gone" });
    }
    expect(await problemOf(read(decoderFor("gzip")?.(gone()) ?? gone()))).toBe("client-gone: gone");
  });
});

(hasZstd ? describe : describe.skip)("zstd", () => {
  const decoders: [string, (bytes: Bytes) => Bytes][] = [["block by block", decodeZstdBlocks]];
  if (nodeZstd) decoders.push(["by Node itself", (bytes) => decoderFor("zstd")?.(bytes) ?? bytes]);

  describe.each(decoders)("%s", (_, decoder) => {
    it.each([
      ["as it comes", []],
      ["fast", ["-1"]],
      ["thoroughly", ["-19"]],
      ["with a checksum", ["--check"]],
      ["without one", ["--no-check"]],
    ])("is read, packed %s", async (_how, flags) => {
      expect(await read(decoder(inPieces(zstd(text, ...flags), 777)))).toBe(text);
    });

    it("is read where several frames stand one behind the other, tiny ones and empty ones too", async () => {
      const frames = Buffer.concat([zstd("a,b\n"), zstd(""), zstd(text), zstd("1,2\n")]);
      expect(await read(decoder(inPieces(frames, 1000)))).toBe(`a,b\n${text}1,2\n`);
    });
  });

  it("that is cut short, or is none, is a problem", async () => {
    expect(await problemOf(decode("zstd", zstd(text).subarray(0, -9)))).toMatch(
      /^malformed: The body is not whole zstd/,
    );
    expect(await problemOf(decode("zstd", Buffer.from(text)))).toMatch(/^malformed: The body is not whole zstd/);
  });

  it("whose window is larger than a Content-Encoding's may be is refused before it is made", async () => {
    // a frame's head, as RFC 8878 has it: its magic number, a window of 2^27 bytes, and an empty last block
    const wide = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (27 - 10) << 3, 0x01, 0x00, 0x00]);
    expect(await problemOf(read(decoderFor("zstd")?.(inPieces(wide, 10)) ?? inPieces(wide, 10)))).toMatch(/^malformed/);
  });

  it("that holds far more than it is long is read no further", async () => {
    const bomb = zstd("\0".repeat(200 * 1024 * 1024));
    expect(await problemOf(decode("zstd", bomb))).toMatch(/^body-too-large/);
  });
});

it("knows no other encoding, and says which it knows", () => {
  expect(() => decoderFor("br")).toThrow("The body is encoded as br; send it as it is, or as one of gzip, zstd.");
  expect([decoderFor(undefined), decoderFor("identity")]).toEqual([undefined, undefined]);
});

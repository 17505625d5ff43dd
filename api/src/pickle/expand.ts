import { Readable } from "node:stream";
import { createGunzip, createInflate, type Gunzip, type Inflate } from "node:zlib";

import { broken, type Expanded, tooLarge, trailing } from "./expand-result";
import { expandWithPython } from "./expand-with-python";
import { Room } from "./expand-room";
import type { Compression } from "./reading";
import { compressionOf } from "./recognise";

/** Judges while it reads, so that a bomb costs little. */
export async function expand(content: Buffer, compression: Compression): Promise<Expanded> {
  switch (compression) {
    case "gzip":
      return inflate(content, createGunzip);
    case "zlib":
      return inflate(oldJoblib(content), createInflate);
    case "bz2":
    case "xz":
    case "lzma":
      return expandWithPython(content, compression);
    case "lz4":
    case "zstd":
      return {
        is: "not-possible",
        note: `This is compressed by ${compression}, which Picklepod does not read: expand it (\`${compression} -d\`), or dump it with joblib's compress="gzip".`,
      };
  }
}

/** joblib before 0.10 wrote "ZF" and the length in hexadecimal, filled up with blanks, before the zlib stream. */
function oldJoblib(content: Buffer): Buffer {
  return content.subarray(0, 2).toString("latin1") === "ZF" ? content.subarray(content.indexOf(0x78, 4)) : content;
}

async function inflate(content: Buffer, create: () => Gunzip | Inflate): Promise<Expanded> {
  const found = await run(content, create());
  if (!("why" in found)) return { is: "expanded", content: found };
  if (found.why === "too large") return tooLarge;
  // Of a gzip member that is followed by a single byte zlib says the same as of one that is cut off.
  const isCut = found.why === "unexpected end of file" && compressionOf(content) === "gzip";
  if (isCut && !("why" in (await run(content.subarray(0, -1), create())))) return trailing;
  return found.why === "trailing" ? trailing : broken(found.why);
}

async function run(content: Buffer, inflater: Gunzip | Inflate): Promise<Buffer | { why: string }> {
  const room = new Room(content.length);
  try {
    for await (const chunk of Readable.from([content]).pipe(inflater) as AsyncIterable<Buffer>)
      if (!room.take(chunk, inflater.bytesWritten)) return { why: "too large" };
  } catch (error) {
    const why = (error as Error).message;
    // What follows a whole gzip member is taken for the start of another.
    return { why: why === "incorrect header check" && room.length > 0 ? "trailing" : why };
  }
  return inflater.bytesWritten < content.length ? { why: "trailing" } : room.content;
}

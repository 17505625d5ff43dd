import { Readable } from "node:stream";
import { createGunzip, createInflate, type Gunzip, type Inflate } from "node:zlib";

import { broken, type Expanded, tooLarge, trailing } from "./expand-result";
import { expandWithPython } from "./expand-with-python";
import type { Compression } from "./reading";
import { compressionOf } from "./recognise";

/** No model in memory should be larger; and an honest array of zeros shrinks to a thousandth. */
const most = 512 * 1024 * 1024;
const always = 16 * 1024 * 1024;
const mostTimes = 200;

/** How large a file may become when it is expanded. */
const limitOf = (size: number): number => Math.min(most, always + size * mostTimes);

/** Stops as soon as it is more than the limit, so that a bomb costs no more than that. */
export async function expand(content: Buffer, compression: Compression): Promise<Expanded> {
  const limit = limitOf(content.length);
  switch (compression) {
    case "gzip":
      return inflate(content, createGunzip, limit);
    case "zlib":
      return inflate(oldJoblib(content), createInflate, limit);
    case "bz2":
    case "xz":
    case "lzma":
      return expandWithPython(content, compression, limit);
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

async function inflate(content: Buffer, create: () => Gunzip | Inflate, limit: number): Promise<Expanded> {
  const found = await run(content, create(), limit);
  if ("length" in found) return { is: "expanded", content: found };
  if (found.why === "too large") return tooLarge(limit);
  // Of a gzip member that is followed by a single byte zlib says the same as of one that is cut off.
  const isCut = found.why === "unexpected end of file" && compressionOf(content) === "gzip";
  if (isCut && "length" in (await run(content.subarray(0, -1), create(), limit))) return trailing;
  return found.why === "trailing" ? trailing : broken(found.why);
}

async function run(content: Buffer, inflater: Gunzip | Inflate, limit: number): Promise<Buffer | { why: string }> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of Readable.from([content]).pipe(inflater) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) return { why: "too large" };
      chunks.push(chunk);
    }
  } catch (error) {
    const why = (error as Error).message;
    // What follows a whole gzip member is taken for the start of another.
    return { why: why === "incorrect header check" && length > 0 ? "trailing" : why };
  }
  return inflater.bytesWritten < content.length ? { why: "trailing" } : Buffer.concat(chunks, length);
}

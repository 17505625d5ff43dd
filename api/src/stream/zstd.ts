import type { Transform } from "node:stream";
import * as zlib from "node:zlib";

import { Decompress } from "fzstd";

import type { Bytes } from "./decode";
import { PieceReader } from "./piece-reader";

type Make = (options: { chunkSize?: number; params?: Readonly<Record<number, number>> }) => Transform;

/** What Node brings from 22.15 on; its types here are those of the oldest Node that is served. */
const node = zlib as unknown as { createZstdDecompress?: Make; createZstdCompress?: Make };
const { ZSTD_d_windowLogMax: WINDOW_LOG = 100, ZSTD_c_compressionLevel: LEVEL = 100 } = zlib.constants as {
  ZSTD_d_windowLogMax?: number;
  ZSTD_c_compressionLevel?: number;
};

/** The largest window that a Content-Encoding may have (RFC 9659). */
const MOST_WINDOW_LOG = 23;

export const nodeZstd =
  node.createZstdDecompress && node.createZstdCompress
    ? {
        newDecoder: newDecoderBy(node.createZstdDecompress),
        newEncoder: newEncoderBy(node.createZstdCompress),
      }
    : undefined;

function newDecoderBy(create: Make) {
  return (chunkSize: number): Transform => create({ chunkSize, params: { [WINDOW_LOG]: MOST_WINDOW_LOG } });
}

function newEncoderBy(create: Make) {
  return (): Transform => create({ params: { [LEVEL]: 1 } });
}

/** For a Node without its own: given block by block, since one gives at most 128 KB however few bytes it is. */
export async function* decodeZstdBlocks(sent: Bytes): Bytes {
  const decoded: Buffer[] = [];
  const decoder = new Decompress((piece) => {
    if (piece.length > 0) decoded.push(Buffer.from(piece)); // a copy: it goes on using its own
  });
  for await (const part of partsOf(new PieceReader(sent))) {
    decoder.push(part);
    yield* decoded.splice(0);
  }
  decoder.push(new Uint8Array(0), true);
  yield* decoded.splice(0);
}

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** The headers, blocks and checksums of its frames (RFC 8878, section 3.1), each whole. */
async function* partsOf(reader: PieceReader): Bytes {
  while (!(await reader.isAtEnd())) {
    const start = await reader.take(5);
    const magic = start.readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      const rest = await reader.take(3);
      await reader.skip(Buffer.concat([start.subarray(4), rest]).readUInt32LE(0));
    } else if (magic === FRAME) yield* frameOf(start, reader);
    else throw new Error("it does not begin as a frame does");
  }
}

async function* frameOf(start: Buffer, reader: PieceReader): Bytes {
  const descriptor = start[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const rest = await reader.take((isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes);
  const size = rest.subarray(rest.length - sizeBytes);
  if (isSingleSegment ? sizeOf(size) > 2 ** MOST_WINDOW_LOG : (rest[0] ?? 0) > (MOST_WINDOW_LOG - 10) << 3)
    throw new Error("its window is larger than 8 MB");
  yield Buffer.concat([start, rest]);
  for (let isLast = false; !isLast;) {
    const head = await reader.take(3);
    const header = head.readUIntLE(0, 3);
    isLast = (header & 1) === 1;
    const isRepeated = ((header >> 1) & 3) === 1;
    yield Buffer.concat([head, await reader.take(isRepeated ? 1 : header >> 3)]);
  }
  if ((descriptor & 4) !== 0) yield reader.take(4);
}

/** Two bytes count from 256 on. */
function sizeOf(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE());
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

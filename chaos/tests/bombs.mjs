// Streams that are little on the wire and much when they are decoded.
import { gzipSync } from "node:zlib";

const SIZE = 100_000_000;
/** A block that says one byte and how often gives no more (RFC 8878, 3.1.1.2). */
const MOST_OF_A_BLOCK = 128 * 1024;
/** Of a frame with a window of 128 KB, and nothing said of its size. */
const FRAME = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];

const [RAW, REPEATED] = [0, 1];

/** By hand, for not every Node that we run on can write it. */
function blockOf(type, size, isLast) {
  const header = (size << 3) | (type << 1) | (isLast ? 1 : 0);
  return Buffer.from([header & 0xff, (header >> 8) & 0xff, header >> 16]);
}

function zstdOf(byte) {
  const blocks = Math.ceil(SIZE / MOST_OF_A_BLOCK);
  const block = (_, i) => [blockOf(REPEATED, MOST_OF_A_BLOCK, i === blocks - 1), Buffer.of(byte)];
  return Buffer.concat([Buffer.from(FRAME), ...Array.from({ length: blocks }, block).flat()]);
}

/** Nothing of it is made smaller: what an honest sender's stream costs to decode, and no less. */
export function rawZstdOf(bytes) {
  const parts = [Buffer.from(FRAME)];
  for (let at = 0; at < bytes.length; at += MOST_OF_A_BLOCK) {
    const piece = bytes.subarray(at, at + MOST_OF_A_BLOCK);
    parts.push(blockOf(RAW, piece.length, at + MOST_OF_A_BLOCK >= bytes.length), piece);
  }
  return Buffer.concat(parts);
}

const gzipOf = (byte) => gzipSync(Buffer.alloc(SIZE, byte));

function put(encoding, body) {
  const lines = [
    "host: a",
    "content-type: application/x-ndjson",
    `content-encoding: ${encoding}`,
    `content-length: ${body.length}`,
  ];
  const head = `PUT /models/classification/predictions HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const [BLANK, END_OF_LINE] = [0x20, 0x0a];

/** By their names, what is sent. */
export const bombs = () => ({
  "a gzip bomb of blanks, as a stream": put("gzip", gzipOf(BLANK)),
  "a gzip bomb of empty lines, as a stream": put("gzip", gzipOf(END_OF_LINE)),
  "a zstd bomb of blanks, as a stream": put("zstd", zstdOf(BLANK)),
  "a zstd bomb of empty lines, as a stream": put("zstd", zstdOf(END_OF_LINE)),
});

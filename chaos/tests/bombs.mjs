// Streams that are little on the wire and much when they are decoded.
import { gzipSync } from "node:zlib";

const SIZE = 100_000_000;
/** A block that says one byte and how often gives no more (RFC 8878, 3.1.1.2). */
const MOST_OF_A_BLOCK = 128 * 1024;
/** Of a frame with a window of 128 KB, and nothing said of its size. */
const FRAME = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];

/** By hand, for not every Node that we run on can write it. */
function zstdOf(byte) {
  const blocks = Math.ceil(SIZE / MOST_OF_A_BLOCK);
  const block = (isLast) => {
    const header = (MOST_OF_A_BLOCK << 3) | (1 << 1) | (isLast ? 1 : 0);
    return [header & 0xff, (header >> 8) & 0xff, header >> 16, byte];
  };
  return Buffer.from([...FRAME, ...Array.from({ length: blocks }, (_, i) => block(i === blocks - 1)).flat()]);
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

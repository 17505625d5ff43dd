import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { Problem } from "../problems";
import { decodeZstdBlocks, nodeZstd } from "./zstd";

export type Bytes = AsyncGenerator<Buffer, void, undefined>;
type Decode = (sent: Bytes) => Bytes;

const PIECE = 64 * 1024;

const decoders: Readonly<Record<string, Decode>> = {
  gzip: (sent) => through(createGunzip({ chunkSize: PIECE }), sent),
  zstd: (sent) => (nodeZstd ? through(nodeZstd.newDecoder(PIECE), sent) : decodeZstdBlocks(sent)),
};

/** @throws Problem unsupported-media-type */
export function decoderFor(encoding: string | undefined): Decode | undefined {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity") return undefined;
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decode !== undefined) return (sent) => bounded(name, decode, sent);
  const known = Object.keys(decoders).join(", ");
  throw new Problem("unsupported-media-type", {
    detail: `The body is encoded as ${name.slice(0, 100)}; send it as it is, or as one of ${known}.`,
    headers: { "accept-encoding": known },
  });
}

async function* through(decoder: Transform, sent: Bytes): Bytes {
  pipeline(sent, decoder).catch(() => undefined); // the decoder ends with the same error
  yield* decoder as AsyncIterable<Buffer>;
}

/** What few bytes may hold without our asking how many there were; rows that are alike are packed very small. */
const FREE_BYTES = 4 * 1024 * 1024;
const MOST_TIMES = 100;

/** A body that holds so much more than it is long was made to keep us busy. */
async function* bounded(name: string, decode: Decode, sent: Bytes): Bytes {
  let [received, decoded] = [0, 0];
  async function* counted(): Bytes {
    for await (const piece of sent) {
      received += piece.length;
      yield piece;
    }
  }
  try {
    for await (const piece of decode(counted())) {
      decoded += piece.length;
      if (decoded > FREE_BYTES + MOST_TIMES * received) throw tooDense(name);
      yield piece;
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = messageOf(error);
    throw new Problem("malformed", { detail: `The body is not whole ${name}: ${reason}.` });
  }
}

/** Not by instanceof: zlib's errors may be of another realm's Error. */
function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

const tooDense = (name: string): Problem =>
  new Problem("body-too-large", {
    detail: `The body holds more than ${MOST_TIMES} times what it is long in ${name}. Send it unencoded, or in more calls.`,
    headers: { connection: "close" },
  });

import type { IncomingMessage } from "node:http";

import { again } from "../predict/read-body";
import { Problem } from "../problems";
import { FILE_MAGIC } from "../rows/decoders/arrow-file";
import type { RowsMedia } from "../rows/row-chunk";
import { type Bytes, decoderFor } from "./decode";
import { ARROW, CSV, JSON_LIST, NDJSON } from "./media";
import type { Client } from "./client";

/** A request's body, decoded, read no faster than it is asked for.
 * @throws Problem unsupported-media-type, malformed, body-too-large, client-gone, client-idle */
export function readBytes(request: IncomingMessage, client: Client): Bytes {
  const decode = decoderFor(request.headers["content-encoding"]);
  const sent = piecesOf(request, client);
  return decode === undefined ? sent : decode(sent);
}

const nothing = (): void => undefined;

/** Not the stream's own iterator: what ends early must not end the connection, over which the problem is still to be told. */
async function* piecesOf(request: IncomingMessage, client: Client): Bytes {
  let wake = nothing;
  const look = (): void => {
    wake();
  };
  const events = ["readable", "end", "close", "error"];
  for (const event of events) request.on(event, look);
  client.signal.addEventListener("abort", look);
  try {
    for (;;) {
      client.signal.throwIfAborted();
      const piece = request.read() as Buffer | null;
      if (piece !== null) yield piece;
      else if (request.readableEnded) return;
      else if (request.destroyed) throw cutShort();
      else {
        client.isToSend = true;
        await new Promise<void>((resolve) => (wake = resolve));
        client.isToSend = false;
      }
    }
  } finally {
    for (const event of events) request.off(event, look);
    client.signal.removeEventListener("abort", look);
    request.on("error", nothing); // nobody else is left to hear that the client has gone
  }
}

const cutShort = (): Problem =>
  new Problem("client-gone", { detail: "The connection closed before the body was complete." });

/** How a body is written that came without a name, by its first byte that is not blank, and that body whole. */
export async function recognise(bytes: Bytes): Promise<{ media: RowsMedia; bytes: Bytes }> {
  let first = Buffer.alloc(0);
  while (isUntold(first)) {
    const { value } = await bytes.next();
    if (value === undefined) break;
    first = Buffer.concat([first, value]);
  }
  return { media: mediaOfText(first), bytes: again(first.length > 0 ? [first] : [], bytes) };
}

const MOST_BLANKS = 64 * 1024;

/** Nothing but blanks, or the beginning of what would be Arrow's file format. */
const isUntold = (first: Buffer): boolean =>
  (first.every((byte) => BLANKS.has(byte)) && first.length < MOST_BLANKS) ||
  (first.length < FILE_MAGIC.length && FILE_MAGIC.indexOf(first) === 0);

const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]); // and a byte order mark

function mediaOfText(first: Buffer): RowsMedia {
  if (first[0] === 0xff) return ARROW; // the mark that a message of the stream begins with
  if (first.indexOf(FILE_MAGIC) === 0) return ARROW; // which says that it wants a stream
  const start = first.find((byte) => !BLANKS.has(byte));
  if (start === 0x5b) return JSON_LIST;
  return start === 0x7b ? NDJSON : CSV;
}

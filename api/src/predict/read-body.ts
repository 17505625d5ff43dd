import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";
import { type BodyLimit, bodyTooLarge } from "./body-limit";

/**
 * A request's bytes, never more than the limit: what says it is larger is refused unread, what turns out to be larger
 * is refused when it does.
 * @throws Problem body-too-large, unsupported-media-type, malformed
 */
export async function readBody(request: IncomingMessage, limit: BodyLimit): Promise<Buffer> {
  refuseUnread(request, limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit.bytes) {
        request.removeAllListeners("data");
        request.pause();
        reject(bodyTooLarge(limit));
      } else chunks.push(chunk);
    });
    request.on("end", () => {
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    });
    request.on("error", (error) => {
      reject(error instanceof Problem ? error : cutShort());
    });
  });
}

function refuseUnread({ headers }: IncomingMessage, limit: BodyLimit): void {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== "identity") {
    throw new Problem("unsupported-media-type", {
      detail: `The body is encoded as ${encoding.slice(0, 100)}; send it unencoded, or as a stream: see docs/bulk.md.`,
      headers: { "accept-encoding": "identity" },
    });
  }
  if (Number(headers["content-length"] ?? 0) > limit.bytes) throw bodyTooLarge(limit);
}

const cutShort = (): Problem =>
  new Problem("malformed", { detail: "The connection closed before the body was complete." });

/** The same, piece by piece. Where its reader ends early, the connection is left as it is, for an answer to go over. */
export async function* readPieces(request: IncomingMessage, limit: BodyLimit): AsyncGenerator<Buffer, void, void> {
  refuseUnread(request, limit);
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  let size = 0;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > limit.bytes) throw bodyTooLarge(limit);
      yield piece;
    }
  } catch (error) {
    throw error instanceof Problem ? error : cutShort();
  }
}

/** From its beginning on, of which some has been read. */
export async function* again(
  first: readonly Buffer[],
  rest?: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
  yield* first;
  if (rest) yield* rest;
}

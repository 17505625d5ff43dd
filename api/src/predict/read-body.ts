import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";

/**
 * A request's bytes, never more than `maxBytes`: what says it is larger is refused unread, what turns out to be larger
 * is refused when it does.
 * @throws Problem body-too-large, unsupported-media-type, malformed
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  refuseUnread(request, maxBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners("data");
        request.pause();
        reject(tooLarge(maxBytes));
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

function refuseUnread({ headers }: IncomingMessage, maxBytes: number): void {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new Problem("unsupported-media-type", { detail: `The body is encoded as ${encoding}; send it unencoded.` });
  }
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

const cutShort = (): Problem =>
  new Problem("malformed", { detail: "The connection closed before the body was complete." });

/** The same, piece by piece. Where its reader ends early, the connection is left as it is, for an answer to go over. */
export async function* readPieces(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer, void, void> {
  refuseUnread(request, maxBytes);
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  let size = 0;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      yield piece;
    }
  } catch (error) {
    throw error instanceof Problem ? error : cutShort();
  }
}

/** What is left of the body is not read: the connection cannot be used again. */
const tooLarge = (maxBytes: number): Problem =>
  new Problem("body-too-large", {
    detail: `The body is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB. Send fewer rows in a call, or raise BODY_LIMIT_MB.`,
    headers: { connection: "close" },
  });

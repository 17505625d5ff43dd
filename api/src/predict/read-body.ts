import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";

/**
 * A request's bytes, never more than `maxBytes`: what says it is larger is refused unread, what turns out to be larger
 * is refused when it does.
 * @throws Problem body-too-large, unsupported-media-type, malformed
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new Problem("unsupported-media-type", { detail: `The body is encoded as ${encoding}; send it unencoded.` });
  }
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
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
    request.on("error", () => {
      reject(new Problem("malformed", { detail: "The connection closed before the body was complete." }));
    });
  });
}

/** What is left of the body is not read: the connection cannot be used again. */
const tooLarge = (maxBytes: number): Problem =>
  new Problem("body-too-large", {
    detail: `The body is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB. Send fewer rows in a call, or raise BODY_LIMIT_MB.`,
    headers: { connection: "close" },
  });

import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Transform } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, createGzip } from "node:zlib";

import Negotiator from "negotiator";

import { discardBody, LINGER_MS } from "../write-unread";
import type { Client } from "./client";
import { nodeZstd } from "./zstd";

const encoders: ReadonlyMap<string, () => Transform> = new Map([
  ...(nodeZstd ? [["zstd", nodeZstd.newEncoder] as const] : []),
  // each piece leaves with its rows: a client need not wait for the end to see the beginning
  ["gzip", () => createGzip({ level: constants.Z_BEST_SPEED, flush: constants.Z_SYNC_FLUSH })] as const,
]);

/** The way to the client: encoded where it asks for that, written no faster than it reads. */
export interface Output {
  readonly write: (piece: string | Buffer) => Promise<void>;
  readonly end: (trailers: Readonly<Record<string, string>>) => Promise<void>;
  /** Says what is left to say, and breaks the connection off: the client sees that the answer is not whole. */
  readonly breakOff: (last: string) => Promise<void>;
}

/** Names the encoding in the answer's headers, which are still to be written. */
export function openOutput(request: IncomingMessage, response: ServerResponse, client: Client): Output {
  const [encoding = "identity"] = new Negotiator(request).encodings([...encoders.keys(), "identity"]);
  const encoder = request.headers["accept-encoding"] === undefined ? undefined : encoders.get(encoding)?.();
  response.appendHeader("vary", "accept, accept-encoding");
  if (encoder) {
    response.setHeader("content-encoding", encoding);
    encoder.pipe(response, { end: false });
    response.once("close", () => encoder.destroy());
  }
  const entry = encoder ?? response;
  const write = async (piece: string | Buffer): Promise<void> => {
    if (piece.length === 0 || entry.write(piece)) return;
    await once(entry, "drain", { signal: client.signal });
  };
  return {
    write,
    end: async (trailers) => {
      if (encoder) await once(encoder.end(), "end", { signal: client.signal });
      response.addTrailers(trailers);
      const finished = once(response, "finish", { signal: client.signal });
      response.end();
      await finished;
    },
    breakOff: async (last) => {
      if (last !== "") entry.write(last);
      // the client may have been given up, and may not read: what is said last is not waited for without an end
      if (encoder) await Promise.race([once(encoder.end(), "end"), sleep(LINGER_MS)]);
      leaveUnfinished(request);
    },
  };
}

function leaveUnfinished(request: IncomingMessage): void {
  const { socket } = request;
  socket.end();
  discardBody(request);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

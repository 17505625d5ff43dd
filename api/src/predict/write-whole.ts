import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { encodeInPieces, PIECE, takeBack } from "./answer-pieces";

/** How much of large answers is kept for their readers, and how long one may read nothing where that is more. */
export interface Room {
  readonly bytes: number;
  readonly stalledMs: number;
}
const ROOM: Room = { bytes: 32 * 1024 * 1024, stalledMs: 500 };

/**
 * Ends an answer whose head is written. A large one leaves in pieces, no faster than they are read: so it can be seen whether
 * its client reads at all, and no text is kept beside its bytes.
 */
export function writeWhole(response: ServerResponse, text: string, room = ROOM): void {
  if (text.length <= PIECE) response.end(text);
  // where it has gone its `close` was before: nothing would take it out of those that are leaving
  else if (!isGone(response)) void writePieces(response, encodeInPieces(text), room);
}

/** A large answer that has not left yet, and when a piece of it last did. */
interface Leaving {
  readonly response: ServerResponse;
  readonly bytes: number;
  movedAt: number;
}
/** The oldest first. */
const leaving = new Set<Leaving>();

/** Asked anew each time: it may go while a piece is awaited. */
const isGone = ({ destroyed }: ServerResponse): boolean => destroyed;

async function writePieces(response: ServerResponse, pieces: readonly Buffer[], room: Room): Promise<void> {
  const bytes = pieces.length * PIECE;
  makeRoom(bytes, room);
  const own = { response, bytes, movedAt: performance.now() };
  leaving.add(own);
  const gone = new AbortController();
  const abort = (): void => {
    leaving.delete(own);
    takeBack(pieces);
    gone.abort();
  };
  response.once("close", abort);
  try {
    for (const piece of pieces) {
      if (isGone(response)) break;
      if (!response.write(piece)) await once(response, "drain", gone);
      own.movedAt = performance.now();
    }
    response.end();
  } catch {
    response.destroy(); // its client has gone: there is nobody to tell
  }
}

const LOOK_MS = 20;

/**
 * Before a large answer is made: it waits for those before it to be read, or to be cut for not being read, and no longer than
 * that takes. What is predicted is half the size of its text, and needs no second copy as bytes.
 */
export async function roomForMore(room = ROOM): Promise<void> {
  const until = performance.now() + room.stalledMs;
  while (makeRoom(0, room) > room.bytes && performance.now() < until) await sleep(LOOK_MS);
}

/** Those that read nothing at the moment are cut, and no more of them than must be. Returns how many bytes there are then. */
function makeRoom(bytes: number, { bytes: most, stalledMs }: Room): number {
  const now = performance.now();
  let kept = [...leaving].reduce((sum, each) => sum + each.bytes, bytes);
  for (const each of leaving) {
    if (kept <= most) break;
    // one behind another of its connection has no socket yet: it goes when that one is cut
    if (each.response.socket === null || now - each.movedAt < stalledMs) continue;
    kept -= each.bytes;
    leaving.delete(each);
    each.response.destroy();
  }
  return kept;
}

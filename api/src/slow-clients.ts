import type { ServerResponse } from "node:http";

import type { CallsUnderWay } from "./calls-under-way";
import { memoryShare } from "./memory-size";
import { Problem } from "./problems";
import { sweepCrowd } from "./room-for-bodies";
import { isWatched } from "./stream/client";
import { endUnread } from "./write-unread";

/** How long is waited for whom. */
export interface Patience {
  readonly sweepMs: number;
  readonly bodyWithinMs: number;
  readonly unreadForMs: number;
  /** How much bodies may be together before they are complete. */
  readonly bytesOfBodies: number;
}

const patience: Patience = {
  sweepMs: 1_000,
  bodyWithinMs: 60_000,
  unreadForMs: 20_000,
  bytesOfBodies: memoryShare(),
};

/**
 * Looks at the calls under way now and then, and ends those whose client neither sends nor reads. A timer a request would
 * cost more than this look. Node's own requestTimeout would end a stream too, which takes as long as its rows do, and has
 * an idle time-out of its own.
 */
export function sweepSlowClients(calls: CallsUnderWay, given: Partial<Patience> = {}): NodeJS.Timeout {
  const { unanswered, unread } = calls;
  const { sweepMs, bodyWithinMs, unreadForMs, bytesOfBodies } = { ...patience, ...given };
  const sweepCrowded = sweepCrowd(calls, bytesOfBodies);
  const sweepBodies = sweepSlowBodies(bodyWithinMs);
  const sweepAnswers = sweepUnreadAnswers(unreadForMs);
  const sweep = (): void => {
    for (const response of unread) if (response.req.complete || response.req.socket.destroyed) unread.delete(response);
    const ours = [...unanswered].filter((response) => !isWatched(response));
    const coming = ours.filter(({ req }) => !req.complete);
    sweepBodies([...coming, ...unread]);
    sweepCrowded(coming);
    sweepAnswers(ours.filter(isLeaving));
  };
  return setInterval(sweep, sweepMs).unref();
}

type Sweep = (responses: readonly ServerResponse[]) => void;

function sweepSlowBodies(withinMs: number): Sweep {
  const firstSeen = new WeakMap<ServerResponse, number>();
  return (responses) => {
    const now = performance.now();
    for (const response of responses) {
      const since = firstSeen.get(response) ?? now;
      firstSeen.set(response, since);
      if (now - since >= withinMs) endUnread(response, tooSlow(withinMs));
    }
  };
}

function tooSlow(withinMs: number): Problem {
  const detail = `The body was not complete after ${Math.round(withinMs / 1000)} s. Send it faster, or as a stream, which may take any time: see docs/bulk.md.`;
  return new Problem("client-idle", { detail, headers: { connection: "close" } });
}

/** An answer behind another one of its connection has no socket before its turn comes: nobody can read it yet. */
const isLeaving = ({ headersSent, writableFinished, socket }: ServerResponse): boolean =>
  headersSent && !writableFinished && socket !== null;

/** How much of an answer had left when it was last looked at, and since when no more has. */
interface Reading {
  taken: number;
  since: number;
}

/**
 * An answer that is written whole waits here until its client has read it: one that reads nothing for a while is cut. What is
 * seen is what the system takes, in steps of 64 KB to a third of the up to 4 MB that it keeps: Node knows of nothing finer.
 */
function sweepUnreadAnswers(unreadForMs: number): Sweep {
  const readings = new WeakMap<ServerResponse, Reading>();
  return (responses) => {
    const now = performance.now();
    for (const response of responses) {
      const taken = response.socket?.bytesWritten ?? 0;
      const known = readings.get(response);
      if (known?.taken !== taken) readings.set(response, { taken, since: now });
      else if (now - known.since >= unreadForMs) response.destroy();
    }
  };
}

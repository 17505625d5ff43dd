import { createServer, type Server } from "node:http";
import { Server as TlsServer } from "node:tls";
import type { Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import type { CallsUnderWay } from "./calls-under-way";

/**
 * How long the port stays open after the signal: a client that is about to use a kept connection again learns from its
 * next answer that it ends, in place of finding it closed; a balancer sees that we are not ready.
 */
const GOODBYE_MS = 1_000;
/**
 * Who has connected and is not accepted yet finds his connection reset when the port closes. It closes when nobody new has
 * come for so long,
 */
const QUIET_MS = 250;
/** at a turn of the event loop in which nothing else was done, for that is when somebody comes unseen, */
const QUIET_TURNS = 3;
const QUIET_TURN_MS = 0.1;
/** or after this, where somebody always comes. */
const LATEST_MS = 4_000;
/** Behind that, a connection with no call on it for one to two of these ends. */
const LOOK_MS = 100;

/** How a port ends. */
export interface Ending {
  /** Lets kept connections end with their next answer, then takes no new one; resolves when none is left. */
  readonly drain: () => Promise<void>;
  /** Takes no new connection from now on, and cuts those that there are. */
  readonly cut: () => void;
}

/**
 * A kept connection ends with the answer that is on its way: the client is told, so that it never writes into a closed one.
 * One whose answer has begun before cannot be told, and ends soon behind it.
 */
export function drains(server: Server, calls: CallsUnderWay): Ending {
  const accepted = connections(server, "connection");
  const open = server instanceof TlsServer ? connections(server, "secureConnection") : accepted; // requests tell these
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  const close = (): void => {
    if (!server.listening) return;
    const looking = setInterval(lookForIdle(open, calls), LOOK_MS);
    server.close(() => {
      clearInterval(looking);
    });
  };
  let draining = false;
  return {
    drain: () => {
      if (draining) return closed;
      draining = true;
      server.prependListener("request", (_request, response) => response.setHeader("connection", "close"));
      for (const response of calls.unanswered) if (!response.headersSent) response.setHeader("connection", "close");
      // Node asks it of itself as it closes. It takes an answer that was ended for one that has left, and cuts it.
      server.closeIdleConnections = () => undefined;
      let cameAt = -Infinity;
      server.on("connection", () => (cameAt = performance.now()));
      createServer().close(); // so that it is compiled: in the 0.15 ms that this takes at its first time somebody may come
      const goodbye = setTimeout(() => {
        void nobodyComes(() => cameAt).then(close);
      }, GOODBYE_MS);
      void closed.then(() => {
        clearTimeout(goodbye);
      });
      return closed;
    },
    cut: () => {
      close(); // while the port is open, somebody may come whom nobody would cut
      for (const socket of accepted) socket.destroy();
    },
  };
}

/** Of those who wait to be accepted a turn of the event loop takes one or some: after some turns without any there is none. */
async function nobodyComes(lastCameAt: () => number): Promise<void> {
  const latest = performance.now() + LATEST_MS;
  for (let quietTurns = 0; quietTurns < QUIET_TURNS && performance.now() < latest;) {
    const begun = performance.now();
    const stillMs = lastCameAt() + QUIET_MS - begun;
    await (stillMs > 0 ? sleep(Math.min(stillMs, latest - begun)) : nextTurn());
    quietTurns = performance.now() - begun < QUIET_TURN_MS && lastCameAt() < begun ? quietTurns + 1 : 0;
  }
}

function connections(server: Server, event: "connection" | "secureConnection"): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return open;
}

/** Ends what is idle at two looks: between them comes a call that was on its way at the first. */
function lookForIdle(open: ReadonlySet<Socket>, { unanswered, unread }: CallsUnderWay): () => void {
  let before = new Set<Socket>();
  return () => {
    const busy = new Set([...unanswered, ...unread].map(({ req }) => req.socket));
    const idle = new Set([...open].filter((socket) => !busy.has(socket)));
    for (const socket of idle) if (before.has(socket)) socket.destroySoon();
    before = idle;
  };
}

import type { IncomingMessage, ServerResponse } from "node:http";

import { clientGone, Problem } from "../problems";
import { ClientPace } from "./client-pace";

/** A client that neither sends nor reads for so long has gone, whatever its connection says. */
const IDLE_MS = 30_000;

/** Whose turn it is: a stream that waits for its client alone is ended after a while; one that waits for the model is not. */
export interface Client {
  /** Aborts with the Problem that ends the stream. */
  readonly signal: AbortSignal;
  /** Set while the next bytes of the body are awaited. */
  isToSend: boolean;
  readonly pace: Pick<ClientPace, "look" | "bytesPerSecond">;
  /** Ends the stream, for others need its place. */
  readonly giveUp: (problem: Problem) => void;
  /** The answer is complete, or has been given up. */
  readonly done: () => void;
}

/** Those that are watched here: how long they may take is nobody else's concern. */
const watched = new WeakSet<ServerResponse>();

export const isWatched = (response: ServerResponse): boolean => watched.has(response);

/** Watches the two ends of a stream's client: its going, and its doing nothing. */
export function watchClient(request: IncomingMessage, response: ServerResponse, idleMs = IDLE_MS): Client {
  const controller = new AbortController();
  const { socket } = request;
  const isAwaited = (): boolean => client.isToSend || isToRead(response);
  const giveUp = (problem: Problem): void => {
    controller.abort(problem);
  };
  const client = {
    ...{ signal: controller.signal, isToSend: false, giveUp, done },
    pace: new ClientPace(socket, isAwaited),
  };
  const gone = (): void => {
    giveUp(clientGone());
  };
  // Node's own time-out of the connection knows of every byte that has come or gone
  const idle = (): void => {
    if (isAwaited()) giveUp(clientIdle(idleMs, client.isToSend));
    else socket.setTimeout(idleMs);
  };
  // the connection's time-out is ours until the answer's end, at which Node sets the one of a kept connection: ours is to
  // go before that, and not behind it
  let isOurs = true;
  const giveBack = (): void => {
    if (isOurs) socket.setTimeout(0);
    isOurs = false;
  };
  function done(): void {
    response.off("close", gone).off("timeout", idle).off("finish", giveBack);
    giveBack();
  }
  watched.add(response);
  response.on("close", gone).on("timeout", idle).prependListener("finish", giveBack);
  socket.setTimeout(idleMs);
  return client;
}

/** Behind the last piece of the answer Node waits for nothing that it would tell of, though that piece is still unread. */
const isToRead = ({ writableNeedDrain, writableEnded, writableFinished }: ServerResponse): boolean =>
  writableNeedDrain || (writableEnded && !writableFinished);

function clientIdle(idleMs: number, isToSend: boolean): Problem {
  const what = isToSend ? "No byte of the rows came" : "No byte of the answer was read";
  const remedy = isToSend ? "Send the rows without a long pause." : "Read the answer while you send the rows.";
  return new Problem("client-idle", { detail: `${what} for ${Math.round(idleMs / 1000)} s. ${remedy}` });
}

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

import { isMuchUnread } from "./write-unread";

/** More calls of one connection than anybody sends who waits for an answer now and then. */
const MOST_A_CONNECTION = 64;

/** The calls of a server that are not over. */
export class CallsUnderWay {
  readonly unanswered = new Set<ServerResponse>();
  /** Answered before their body was there: the rest of it keeps their connection open. Who is through leaves it here. */
  readonly unread = new Set<ServerResponse>();
  /** What their connections had brought when large calls began. */
  private readonly broughtBefore = new WeakMap<ServerResponse, number>();
  /** Connections without a call, which went last where they stand last. */
  private readonly idle = new Set<Socket>();
  private readonly ofConnection = new WeakMap<Socket, Set<ServerResponse>>();
  /** Told of each call that is over, by who waits for some. A listener at each call would stay there as long as it goes on. */
  private readonly waiting = new Set<(over: ServerResponse) => void>();

  /** Node begins all calls at once that come in one piece: a connection that sends many is ended, and none of the rest is answered. */
  watch(handler: RequestListener): RequestListener {
    return (request, response) => {
      this.begin(request, response);
      if (!request.socket.destroyed) handler(request, response);
    };
  }

  /** Of the connections that had a call and have none, the one whose last is longest ago. */
  longestIdle(): Socket | undefined {
    return this.idle.values().next().value;
  }

  /** How many bytes of a call's body have come; none where it is small. */
  received(response: ServerResponse): number {
    const { bytesRead } = response.req.socket;
    return bytesRead - (this.broughtBefore.get(response) ?? bytesRead);
  }

  /** Resolves when all that has begun by now is answered, or after so long. */
  answered(withinMs: number): Promise<void> {
    const left = new Set(this.unanswered);
    if (left.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(late);
        this.waiting.delete(leave);
        resolve();
      };
      const leave = (over: ServerResponse): void => {
        left.delete(over);
        if (left.size === 0) end();
      };
      const late = setTimeout(end, withinMs).unref();
      this.waiting.add(leave);
    });
  }

  private begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const calls = this.ofConnection.get(socket) ?? this.connected(socket);
    calls.add(response);
    this.idle.delete(socket);
    this.unanswered.add(response);
    if (isMuchUnread(request)) this.broughtBefore.set(response, socket.bytesRead);
    response.on("close", () => {
      calls.delete(response);
      this.unanswered.delete(response);
      for (const leave of this.waiting) leave(response);
      if (!request.complete) this.unread.add(response);
      if (calls.size === 0 && !socket.destroyed) this.idle.add(socket);
    });
    if (calls.size > MOST_A_CONNECTION) socket.destroy();
  }

  /** Of calls whose turn to be answered never came, Node does not tell that their connection is gone. */
  private connected(socket: Socket): Set<ServerResponse> {
    const calls = new Set<ServerResponse>();
    this.ofConnection.set(socket, calls);
    socket.once("close", () => {
      this.idle.delete(socket);
      setImmediate(() => {
        for (const response of calls) response.destroy().emit("close"); // those that Node told have left
      });
    });
    return calls;
  }
}

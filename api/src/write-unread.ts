import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { beginProblem, type OwnError, type Problem, writeProblem } from "./problems";
import { idOf } from "./request-id";

/** How long what the client still sends is taken, so that what it was told last reaches it: a reset would overtake that. */
export const LINGER_MS = 1_000;

/** A body of this size is read to its end, for nobody, so that the connection can be used again. */
const LITTLE_BYTES = 64 * 1024;

/** A problem, wherever the body stands: the connection is kept where little or nothing of it is still to come. */
export function writeRefusal(response: ServerResponse, problem: Problem, requestId: string, own?: OwnError): void {
  const write = isMuchUnread(response.req) ? writeUnreadProblem : writeProblem;
  write(response, problem, requestId, own);
}

export const isMuchUnread = ({ complete, headers }: IncomingMessage): boolean =>
  !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > LITTLE_BYTES);

/**
 * A problem that is told before the body was read. The connection ends with it, for the rest of the body is nobody's; but
 * not before the client has had time to hear of it.
 */
export function writeUnreadProblem(
  response: ServerResponse,
  problem: Problem,
  requestId: string,
  own?: OwnError,
): void {
  const { req: request } = response;
  discardBody(request);
  if (request.complete) {
    writeProblem(response, problem, requestId, own);
    return;
  }
  response.setHeader("connection", "close");
  response.write(beginProblem(response, problem, requestId, own));
  const end = (): void => {
    clearTimeout(late);
    request.off("end", end).off("close", end);
    response.end();
    if (request.socket.writableLength > 0) request.socket.destroy(); // it does not read either
  };
  const late = setTimeout(end, LINGER_MS).unref();
  request.on("end", end).on("close", end);
}

/**
 * Ends a call whose body still comes. Whoever reads the body hears of it behind the answer, since what ends a request
 * ends its connection.
 */
export function endUnread(response: ServerResponse, problem: Problem): void {
  const end = (): void => void response.req.destroy(problem);
  if (response.writableFinished) response.req.socket.destroy();
  else if (response.headersSent) end();
  else writeProblem(response.once("close", end), problem, idOf(response));
}

/** Told of what was refused before anything of ours had looked at it. */
export type OnRefused = (problem: Problem, requestId: string) => void;

/** What has no id yet is given one, so that caller and log speak of the same. */
export function refuseAtOnce(response: ServerResponse, problem: Problem, onRefused: OnRefused): void {
  const requestId = randomUUID();
  response.setHeader("x-request-id", requestId);
  onRefused(problem, requestId);
  writeUnreadProblem(response, problem, requestId);
}

/** Takes what still comes, for nobody. */
export function discardBody(request: IncomingMessage): void {
  request.removeAllListeners("readable").resume(); // a stream that somebody listens to so does not flow
}

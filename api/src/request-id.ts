import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { RequestHandler } from "express";

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** A caller's own id is kept, so that its log and ours speak of the same request. */
export function giveId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader("x-request-id", id);
  return id;
}

export const requestId: RequestHandler = (request, response, next) => {
  giveId(request, response);
  next();
};

export const idOf = (response: ServerResponse): string => String(response.getHeader("x-request-id"));
